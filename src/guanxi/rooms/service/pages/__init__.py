"""The pages of this room."""

from guanxi.rooms.service.pages import questions, tickets

__all__ = ["questions", "tickets"]
