"""Changes of a person's access to the program. They change and return; the audited action around them is a room's."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F

from guanxi.kernel.errors import Invalid
from guanxi.platform.people.models import Person, Session


def deactivate(person: Person) -> Person:
    """He cannot log in any more and every live session ends at its next request."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    return _with_sessions_ended(person)


def reactivate(person: Person) -> Person:
    """He can log in again; sessions from before stay ended."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    return _with_sessions_ended(person)


def change_password(person: Person, password: str) -> Person:
    """Set a new password and end every live session; Invalid (field "password") names what makes it too weak."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from error
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    return _with_sessions_ended(person)


def end_sessions(person_ids: Iterable[UUID]) -> int:
    """End every live session of these people at their next request; returns how many people were found."""
    person_ids = list(person_ids)
    Session.objects.filter(person_id__in=person_ids).delete()
    return Person.objects.filter(pk__in=person_ids).update(epoch=F("epoch") + 1)


def _with_sessions_ended(person: Person) -> Person:
    end_sessions([person.pk])
    person.refresh_from_db(fields=["epoch"])
    return person
