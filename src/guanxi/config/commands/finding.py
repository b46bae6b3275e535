"""Finding records from the command line."""

from argparse import Namespace

from django.utils.translation import gettext as _

from guanxi.config.commands.actors import acting
from guanxi.config.commands.database import require_prepared_database
from guanxi.records.search import find


def search(options: Namespace) -> int:
    """Prints what the person finds: record type, number, title and what is shown beside it, the best first.

    Raises:
        Invalid: no such person.
    """
    require_prepared_database()
    hits = find(acting(options), " ".join(options.query), limit=options.limit)
    if not hits:
        print(_("Nothing was found."))
    for hit in hits:
        print("  ".join(str(part) for part in (hit.module.label, hit.number, hit.title, hit.note) if part))
    return 0
