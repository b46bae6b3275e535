"""The door of this room: what rooms above may use."""

from guanxi.rooms.mail.actions import (
    CONFIRM_MATERIAL,
    FILE_LETTER,
    GIVE_TO_ALL,
    LETTER_KIND,
    SEND_LETTER,
    install_templates,
    note_sent,
    take_in,
)
from guanxi.rooms.mail.models import Handout, Letter, Mailbox, Material, Template
from guanxi.rooms.mail.sources import Addressee, AddresseeSource, addressee_sources

__all__ = [
    "CONFIRM_MATERIAL",
    "FILE_LETTER",
    "LETTER_KIND",
    "GIVE_TO_ALL",
    "SEND_LETTER",
    "Addressee",
    "AddresseeSource",
    "Handout",
    "Letter",
    "Mailbox",
    "Material",
    "Template",
    "addressee_sources",
    "install_templates",
    "note_sent",
    "take_in",
]
