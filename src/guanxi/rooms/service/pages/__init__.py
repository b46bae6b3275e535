"""The pages of this room."""

from guanxi.rooms.service.pages import tickets

__all__ = ["tickets"]
