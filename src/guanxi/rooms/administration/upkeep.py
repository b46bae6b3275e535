"""What keeps the audit trail trustworthy by itself: sealing every few seconds, an anchor outside every hour."""

from datetime import datetime, timedelta

from guanxi.platform.audit import chain
from guanxi.platform.jobs.registry import scheduled


@scheduled("audit.seal", every=timedelta(seconds=5))
def seal_audit(at: datetime) -> None:
    """Chain the entries written since the last time; writers never wait for this."""
    chain.seal_pending()


@scheduled("audit.anchor", every=timedelta(hours=1))
def anchor_audit(at: datetime) -> None:
    """Write the head of the chain to the file outside the database, so that a cut tail is noticed."""
    chain.anchor()
