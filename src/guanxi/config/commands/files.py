"""Kept files: moving them into the object store."""

from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.files.chosen import is_on_disk
from guanxi.platform.files.storage import move_in


def move(options: Namespace) -> int:
    """Moves the files of a folder, by default the one in which they lay so far, into the store of GUANXI_FILES.

    Only what a row knows and what is unchanged is moved. It may be cut off and repeated.

    Raises:
        Conflict: the files lie on the disk and shall do so, or the database is not prepared.
        Away: the store is out of reach; what was moved so far stays moved.
    """
    require_prepared_database()
    if is_on_disk():
        raise Conflict(Message("Name the object store in GUANXI_FILES first."))
    folder = Path(options.folder).absolute() if options.folder else Path(settings.DATA) / "files"
    count = move_in(folder)
    print(_("%(count)s files were moved from %(folder)s.") % {"count": count, "folder": folder})
    return 0
