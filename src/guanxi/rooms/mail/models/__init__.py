from guanxi.rooms.mail.models.boxes import Mailbox, MailboxState, Security
from guanxi.rooms.mail.models.letters import AddresseeKind, Direction, Enclosure, Letter, LetterState, Purpose, Template
from guanxi.rooms.mail.models.materials import Handout, Material

__all__ = [
    "AddresseeKind",
    "Direction",
    "Enclosure",
    "Handout",
    "Letter",
    "LetterState",
    "Mailbox",
    "MailboxState",
    "Material",
    "Purpose",
    "Security",
    "Template",
]
