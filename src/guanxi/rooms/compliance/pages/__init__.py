"""The pages of the room."""

from __future__ import annotations

from guanxi.rooms.compliance.pages import duties

__all__ = ["duties"]
