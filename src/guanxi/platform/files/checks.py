"""What must be true of the kept files."""

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import ORPHAN_AGE, is_intact, orphans
from guanxi.platform.verify.checks import Findings, check


@check("files.intact", _("Every file is in the store, byte for byte as it was stored"))
def intact_files() -> Findings:
    """Files that are gone, or whose SHA-256 is no longer that of the day they came."""
    for stored in StoredFile.objects.filter(deleted_at=None).order_by("pk").iterator():
        try:
            if not is_intact(stored):
                yield Message("File %(id)s was changed in the store.", id=stored.pk)
        except NotFound:
            yield Message("File %(id)s is missing in the store.", id=stored.pk)


@check("files.orphans", _("No file lies in the store that nobody knows of"))
def known_files() -> Findings:
    """Bytes without a row that the nightly clearing should have removed by now: they take room, and may be personal."""
    for key in orphans(2 * ORPHAN_AGE):
        yield Message("No row knows the file %(path)s.", path=key.rpartition("/")[2])
