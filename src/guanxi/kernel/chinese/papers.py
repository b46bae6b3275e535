"""Numbers of identity papers and bank accounts: their form, and the digit by which a slip shows."""

import re

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

_PAPER = re.compile(r"[A-Z0-9]{6,20}")
_ACCOUNT = re.compile(r"\d{8,30}")
_CARD_LENGTHS = (16, 19)


def check_identity(text: str) -> str:
    """The number of a resident identity card (18 characters, GB 11643), or of another paper; Invalid for a slip.

    What looks like a card's number (18 characters) is checked by birthday, region and last character; numbers of
    passports and permits only by their form.
    """
    number = re.sub(r"[\s-]", "", text).upper()
    if not _PAPER.fullmatch(number):
        raise Invalid({"": [Message("An identity number has 6 to 20 letters and digits.")]})
    if len(number) == 18:
        try:
            return str(ric.validate(number))
        except ValidationError:
            raise Invalid({"": [Message("This identity number is not right: check its digits.")]}) from None
    return number


def check_account(text: str) -> str:
    """The number of a bank account, digits only; Invalid for anything else."""
    number = re.sub(r"[\s-]", "", text)
    if not _ACCOUNT.fullmatch(number):
        raise Invalid({"": [Message("An account number has 8 to 30 digits.")]})
    return number


def looks_like_a_slip(account: str) -> bool:
    """Whether a number as long as a bank card's fails the check by its last digit; accounts of companies have none."""
    return len(account) in _CARD_LENGTHS and account.startswith("62") and not luhn.is_valid(account)
