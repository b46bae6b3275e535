"""What this room does for itself on a schedule."""

from datetime import datetime

from guanxi.platform.jobs.registry import scheduled
from guanxi.rooms.intake.actions import note_contacts


@scheduled("intake.note_contacts", daily_at="03:40")
def note_every_contact(at: datetime) -> None:
    """Contacts that a process did not live to note after its last commit count all the same (WF-17)."""
    note_contacts(None, at)
