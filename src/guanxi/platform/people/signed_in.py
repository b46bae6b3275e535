"""Who a session belongs to: asked at the beginning of each request, with the position that the frame shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from guanxi.platform.people.models import Person
from guanxi.platform.prepared import Prepared

_PERSON = Prepared(lambda person: Person.objects.filter(pk=person).select_related("position"))


class SignedIn(BaseBackend):
    """The first of AUTHENTICATION_BACKENDS: finds the person of a session; passwords are judged by the next one."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person of that id, unless the account is closed."""
        person: Person | None = _PERSON.first(person=UUID(str(user_id)))
        return person if person is not None and person.is_active else None
