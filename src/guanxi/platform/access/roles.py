"""Giving and taking roles. They change and return; the audited action around them is a room's."""

from django.db import transaction
from django.db.models import QuerySet

from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.people.models import Person


def give_role(person: Person, role: Role) -> PersonRole:
    """The person has the role from now on; giving it twice changes nothing. Ends the person's live sessions."""
    with transaction.atomic():
        held = PersonRole.objects.filter(person=person, role=role, deleted_at__isnull=True).first()
        return held or PersonRole.objects.create(person=person, role=role)


def take_role(person: Person, role: Role) -> bool:
    """The person has the role no more; False when it was not held. Ends the person's live sessions."""
    with transaction.atomic():
        held = PersonRole.objects.filter(person=person, role=role, deleted_at__isnull=True).first()
        if held is None:
            return False
        held.delete()
        return True


def holders_of_kind(kind: str) -> QuerySet[Person]:
    """The active people who hold a role of this kind, such as the system administrators, by name."""
    held = PersonRole.objects.filter(role__kind=kind, role__deleted_at=None, deleted_at=None)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True, deleted_at=None).order_by("username")
