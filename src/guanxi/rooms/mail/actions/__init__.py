from guanxi.rooms.mail.actions.boxes import (
    EDIT_MAILBOX,
    FETCH_NOW,
    SET_PASSWORD,
    SWITCH_OFF,
    SWITCH_ON,
    TEST_MAILBOX,
    complete_mailbox,
)
from guanxi.rooms.mail.actions.filing import FILE_LETTER, MAKE_PRIVATE, take_in
from guanxi.rooms.mail.actions.installing import install_templates
from guanxi.rooms.mail.actions.materials import CONFIRM_MATERIAL, complete_handout, note_sent
from guanxi.rooms.mail.actions.templates import GIVE_TO_ALL, TAKE_BACK_TEMPLATE
from guanxi.rooms.mail.actions.writing import (
    ATTACH,
    CHOOSE_TEMPLATE,
    LETTER_KIND,
    SEND_LETTER,
    complete_letter,
)

__all__ = [
    "ATTACH",
    "CHOOSE_TEMPLATE",
    "CONFIRM_MATERIAL",
    "EDIT_MAILBOX",
    "FETCH_NOW",
    "FILE_LETTER",
    "GIVE_TO_ALL",
    "LETTER_KIND",
    "MAKE_PRIVATE",
    "SEND_LETTER",
    "SET_PASSWORD",
    "SWITCH_OFF",
    "SWITCH_ON",
    "TAKE_BACK_TEMPLATE",
    "TEST_MAILBOX",
    "complete_handout",
    "complete_letter",
    "complete_mailbox",
    "install_templates",
    "note_sent",
    "take_in",
]
