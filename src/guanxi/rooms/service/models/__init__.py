"""Tickets, frequent questions, what is noted on both."""

from guanxi.rooms.service.models.questions import Faq, FaqNote, FaqState
from guanxi.rooms.service.models.tickets import NoteKind, Priority, Ticket, TicketNote, TicketState

__all__ = ["Faq", "FaqNote", "FaqState", "NoteKind", "Priority", "Ticket", "TicketNote", "TicketState"]
