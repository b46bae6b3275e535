"""Showing who one is: the password at the door, and once more before something grave."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate

from guanxi.kernel.errors import Invalid, TooMany
from guanxi.kernel.messages import Message
from guanxi.platform.people import throttle
from guanxi.platform.people.models import Person

_hashing = threading.BoundedSemaphore(settings.HASHES_AT_ONCE)
#: Who has waited so long for his turn is asked to come back.
PATIENCE_SECONDS = 10


@contextmanager
def hashing() -> Iterator[None]:
    """A turn at comparing a password, which takes much memory by intention. TooMany when none comes up in time."""
    if not _hashing.acquire(timeout=PATIENCE_SECONDS):
        raise TooMany(PATIENCE_SECONDS, Message("Very many people are signing in. Please try again in a moment."))
    try:
        yield
    finally:
        _hashing.release()


def sign_in(request: Any, username: str, password: str, address: str) -> Person | None:
    """The person with this user name and password; None when there is none, who may not log in, or it is wrong.

    A second factor is the caller's to ask for. Takes as long for an unknown name as for a known one.

    Raises:
        TooMany: too many attempts have failed lately; nothing was compared.
    """
    name = Person.normalize_username(username)
    with throttle.attempt(throttle.sign_in(name, address)) as attempt:
        with hashing():
            person = authenticate(request, username=username, password=password)
        if person is None and (seconds := attempt.shut_for()):
            raise TooMany(seconds)
        if person is not None:
            attempt.succeeded()
    assert person is None or isinstance(person, Person)
    return person


def methods(person: Person) -> list[str]:
    """By what the person may show again who he is."""
    return ["password"]


def confirm(person: Person, given: Mapping[str, str]) -> None:
    """Compare what a signed-in person shows once more: {"password"}.

    Raises:
        Invalid: it is wrong; TooMany: it was wrong too often.
    """
    with throttle.attempt(throttle.confirmation(person.pk)) as attempt:
        check_password(person, given.get("password", ""), "password")
        attempt.succeeded()


def check_password(person: Person, password: str, field: str) -> None:
    """Invalid, under that field, unless it is the person's password."""
    with hashing():
        is_right = person.check_password(password)
    if not is_right:
        raise Invalid({field: [Message("This is not your present password.")]})
