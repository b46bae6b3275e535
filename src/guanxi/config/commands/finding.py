"""Finding records from the command line."""

from argparse import Namespace

from django.utils.translation import gettext as _

from guanxi.config.commands.actors import acting
from guanxi.config.commands.database import require_prepared_database
from guanxi.records import derived, registry
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


def reindex(options: Namespace) -> int:
    """Makes search entries and duplicate keys of every record type anew from the records, while people go on working.

    Raises:
        Conflict: the database is not prepared.
    """
    require_prepared_database()
    for module in registry.modules():
        count = derived.rebuild(registry.entry(module))
        print(_("%(module)s: %(count)s") % {"module": module.label_plural, "count": count}, flush=True)
    return 0
