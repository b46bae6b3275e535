"""Showing who one is: the password at the door, the second factor, and once more before something grave."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate

from guanxi.kernel.errors import Invalid, TooMany
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.people import factors, throttle
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


def second_ways(person: Person) -> list[str]:
    """By what the person may show the second factor: "code" (app or recovery code), "key"; [] when he has none."""
    kinds = factors.kinds_of(person)
    return (["code"] if kinds else []) + (["key"] if "key" in kinds and factors.keys_work() else [])


def ways(person: Person) -> list[str]:
    """By what a person who is signed in may show again who he is."""
    return ["password", *second_ways(person)]


def second(person: Person, given: Mapping[str, str], state: Any) -> None:
    """Compare the second factor that a person shows: {"code"} or {"key"}, the answer to the question `state`.

    Raises:
        Invalid: it is wrong; TooMany: it was wrong too often.
    """
    with throttle.attempt(throttle.code(person.pk)) as attempt:
        _compare_second(person, given, state)
        attempt.succeeded()


def confirm(person: Person, given: Mapping[str, str], state: Any) -> None:
    """Compare what a signed-in person shows once more: {"password"}, {"code"}, or {"key"} with its `state`.

    Raises:
        Invalid: it is wrong; TooMany: it was wrong too often.
    """
    with throttle.attempt(throttle.confirmation(person.pk)) as attempt:
        if given.get("key") or given.get("code"):
            _compare_second(person, given, state)
        else:
            check_password(person, given.get("password", ""), "password")
        attempt.succeeded()


def _compare_second(person: Person, given: Mapping[str, str], state: Any) -> None:
    if given.get("key"):
        if not state or not factors.accept_key(person, state, _parsed(given["key"]), now()):
            raise Invalid({"key": [Message("The security key did not answer as expected. Please try again.")]})
    elif not factors.accept_code(person, given.get("code", ""), now()):
        raise Invalid({"code": [Message("This code is not right, or it was used already. Wait for the next one.")]})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def check_password(person: Person, password: str, field: str) -> None:
    """Invalid, under that field, unless it is the person's password."""
    with hashing():
        is_right = person.check_password(password)
    if not is_right:
        raise Invalid({field: [Message("This is not your present password.")]})
