"""The mail with which somebody who forgot his password sets a new one. The link is made when the mail is sent.

So it stands in no job and no table: it is worked out from the person, his password and his address, works for half an
hour, and no longer once the password or the address is another.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.registry import sender
from guanxi.platform.people.models import Person

KIND = "password_mail"
MINUTES = settings.PASSWORD_RESET_TIMEOUT // 60


class _Tokens(PasswordResetTokenGenerator):
    """Django's, on our clock, and ended also by whatever ends the sessions."""

    key_salt = "guanxi.platform.notices.passwords"

    def _now(self) -> datetime:
        return now().astimezone(UTC).replace(tzinfo=None)

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk}{user.password}{user.email}{user.epoch}{timestamp}"


_tokens = _Tokens()


def asked_for(name: str) -> Person | None:
    """Whom a user name or an e-mail address means, if a mail helps him: active, with an address that is his alone."""
    rows = Person.objects.filter(is_active=True, deleted_at=None).exclude(email="")
    person = rows.filter(username=Person.normalize_username(name)).first()
    if person is not None:
        return person
    found = list(rows.filter(email__iexact=name.strip())[:2])
    return found[0] if len(found) == 1 else None


@sender(KIND)
def send_password_mail(payload: dict[str, Any]) -> None:
    """Send {"name"}: the way to a new password, to the address on file; nothing when the name means nobody."""
    person = asked_for(str(payload["name"]))
    if person is None:
        return
    with translation.override(person.language):
        body = _(
            "Somebody, probably you, asked for a new password for the user name %(username)s. Set it here within "
            "%(minutes)s minutes:\n\n%(link)s\n\nIf it was not you, do nothing: your password stays as it is."
        ) % {"username": person.username, "minutes": MINUTES, "link": link_for(person)}
        EmailMessage(subject=str(_("A new password for Guanxi")), body=body, to=[person.email]).send()


def link_for(person: Person) -> str:
    """Where the person sets the new password. Its host is the installation's own, never one that a request named."""
    return f"{settings.BASE_URL.rstrip('/')}/login/new/{person.pk}/{_tokens.make_token(person)}/"


def person_for(key: Any, token: str) -> Person | None:
    """The person whose link this is, as long as it works."""
    person = Person.objects.filter(pk=key, is_active=True, deleted_at=None).first()
    return person if person is not None and _tokens.check_token(person, token) else None
