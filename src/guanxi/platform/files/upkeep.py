"""What the file store does for itself."""

from datetime import datetime

from guanxi.platform.files.storage import remove_orphans
from guanxi.platform.jobs.registry import scheduled


@scheduled("files.remove_orphans", daily_at="03:40")
def remove_orphaned_files(at: datetime) -> None:
    """Clear away the bytes of files whose row never came to be."""
    remove_orphans()
