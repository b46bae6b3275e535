"""What the room does by itself: sending what was written, fetching what came in."""

from guanxi.rooms.mail.upkeep import fetching, sending

__all__ = ["fetching", "sending"]
