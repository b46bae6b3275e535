"""What the file store does for itself."""

from datetime import datetime, timedelta

from guanxi.platform.files.storage import remove_orphans, remove_unbound
from guanxi.platform.jobs.outbox import is_quarantined
from guanxi.platform.jobs.registry import scheduled

#: Longer than a form is filled in.
UNBOUND_AGE = timedelta(days=1)


@scheduled("files.remove_unbound", daily_at="03:35")
def remove_unbound_files(at: datetime) -> None:
    """Clear away what came with forms that were refused and never sent again."""
    remove_unbound(at - UNBOUND_AGE)


@scheduled("files.remove_orphans", daily_at="03:40")
def remove_orphaned_files(at: datetime) -> None:
    """Clear away the bytes of files whose row never came to be.

    Not in a restored installation that nobody released yet: it may look at the store of the one it is a copy of.
    """
    if not is_quarantined():
        remove_orphans()
