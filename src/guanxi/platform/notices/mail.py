"""E-mail as a kind of outgoing message."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.jobs.registry import sender

EMAIL = "email"
SUBJECT_LENGTH = 200

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@sender(EMAIL)
def send_email(payload: dict[str, Any]) -> None:
    """Send {"to", "subject", "body"} as plain text. Raises Invalid for an address that is none: it will never work.

    A subject in several lines is joined into one, so that nobody writes headers through it.
    """
    address = str(payload["to"]).strip()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(Message("“%(address)s” is not an e-mail address.", address=address[:254])) from None
    subject = _BREAKS.sub(" ", str(payload["subject"])).strip()[:SUBJECT_LENGTH]
    EmailMessage(subject=subject, body=_text(str(payload.get("body", ""))), to=[address]).send()


def _text(body: str) -> str:
    return f"{body}\n\n{settings.BASE_URL}\n".lstrip("\n")
