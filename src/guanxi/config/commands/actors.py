"""Who acts on the command line: whatever reads or writes records runs as a named person, with that person's rights."""

from argparse import Namespace

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Person
from guanxi.records.context import Context


def person_of(username: str) -> Person:
    """The person who logs in as `username`.

    Raises:
        Invalid: there is nobody of that name, or the person may not log in any more.
    """
    person = Person.objects.filter(
        username=Person.normalize_username(username), is_active=True, deleted_at__isnull=True
    ).first()
    if person is None:
        raise Invalid(Message("Nobody may log in as “%(username)s”.", username=username))
    return person


def acting(options: Namespace) -> Context:
    """The circumstances of a command given with `--as USER`; the audit names the command line as the source."""
    return Context.of(person_of(options.actor), source="cli")
