"""Telephone numbers as people in China write them, in one spelling, so that they compare and can be found."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

PhoneKind = Literal["mobile", "landline", "service", "foreign"]


@dataclass(frozen=True)
class Phone:
    """One telephone number.

    `kind`: mobile (1xx), landline (with area code), service (400, 800, 95xxx and other short numbers) or foreign.
    `digits`: 13800138000, 02886754321, 4008001234, +85223456789. `extension`: digits, "" if none.
    """

    kind: PhoneKind
    digits: str
    extension: str = ""

    def __str__(self) -> str:
        return format_phone(self)


_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|x|#)\s*:?\s*(\d{1,6})$", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(?<=\d{7})\s*-\s*(\d{1,6})$")
_WRITTEN = re.compile(r"\+?[\d\s().-]+", re.ASCII)
_MOBILE = re.compile(r"0?(1[3-9]\d{9})", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}|9[56]\d{3,6}|1[012]\d{3}|11\d|12[0-9]", re.ASCII)
_THREE_DIGIT_AREA = re.compile(r"(?:010|02\d)\d{8}", re.ASCII)
_FOUR_DIGIT_AREA = re.compile(r"0[3-9]\d{2}\d{7,8}", re.ASCII)
_WITHOUT_AREA = re.compile(r"[2-8]\d{6,7}", re.ASCII)


def normalise_phone(text: str) -> Phone:
    """The number that somebody typed: +86, spaces, dashes, brackets and an extension are understood.

    Raises Invalid when it is none, when the area code is missing, or when digits are too few or too many.
    """
    plain = re.sub(r"[‐‑–—−]", "-", unicodedata.normalize("NFKC", text[:64])).strip()
    if not plain:
        raise Invalid(Message("Enter a telephone number."))
    number, extension = _without_extension(plain)
    if not _WRITTEN.fullmatch(number) or not any(character.isdigit() for character in number):
        raise Invalid(Message("“%(text)s” is not a telephone number.", text=plain))
    prefix = "+" if number.lstrip(" (").startswith("+") else ""
    return _classified(prefix + re.sub(r"\D", "", number), extension, plain)


def format_phone(phone: Phone) -> str:
    """The number as people read it: 138 0013 8000, 028-86754321-801, 400-800-1234, +85223456789."""
    digits = phone.digits
    if phone.kind == "mobile":
        shown = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    elif phone.kind == "landline":
        area = 3 if digits[1] in "12" else 4
        shown = f"{digits[:area]}-{digits[area:]}"
    elif phone.kind == "service" and len(digits) == 10:
        shown = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    else:
        shown = digits
    return f"{shown}-{phone.extension}" if phone.extension else shown


def _without_extension(plain: str) -> tuple[str, str]:
    match = _EXTENSION.search(plain) or _DASHED_EXTENSION.search(plain)
    return (plain[: match.start()], match[1]) if match else (plain, "")


def _classified(written: str, extension: str, text: str) -> Phone:
    digits = _with_country(written)
    national = _national(digits) if digits.startswith("+86") else digits
    if national.startswith("+"):
        if not 8 <= len(digits) <= 16:
            raise Invalid(Message("A foreign number has 7 to 15 digits after the plus sign: “%(text)s”.", text=text))
        return Phone("foreign", digits, extension)
    if match := _MOBILE.fullmatch(national):
        return Phone("mobile", match[1], extension)
    if _SERVICE.fullmatch(national):
        return Phone("service", national, extension)
    if _THREE_DIGIT_AREA.fullmatch(national) or _FOUR_DIGIT_AREA.fullmatch(national):
        return Phone("landline", national, extension)
    raise _wrong(national, text)


def _with_country(digits: str) -> str:
    """The digits with a plus sign wherever a country code was dialled: 0086 and a leading 86 become +86."""
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+" + digits if re.fullmatch(r"86(?:1[3-9]\d{9}|0\d{9,11})", digits) else digits


def _national(digits: str) -> str:
    """A number that began with +86 as it is dialled within China: the area code gets its 0 back."""
    rest = digits.removeprefix("+86")
    complete = _MOBILE.fullmatch(rest) or _SERVICE.fullmatch(rest) or rest.startswith("0")
    return rest if complete else "0" + rest


def _wrong(national: str, text: str) -> Invalid:
    if _WITHOUT_AREA.fullmatch(national):
        return Invalid(Message("The area code is missing: “%(text)s”. Write it like 028-86754321.", text=text))
    if re.match(r"1[3-9]", national):
        return Invalid(
            Message("A mobile number has 11 digits; “%(text)s” has %(count)s.", text=text, count=len(national))
        )
    return Invalid(Message("“%(text)s” is not a telephone number.", text=text))
