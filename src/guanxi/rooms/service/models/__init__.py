"""Tickets, what is noted on them."""

from guanxi.rooms.service.models.tickets import NoteKind, Priority, Ticket, TicketNote, TicketState

__all__ = ["NoteKind", "Priority", "Ticket", "TicketNote", "TicketState"]
