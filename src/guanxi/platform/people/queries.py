"""Who belongs where, who is above whom, who stands in for whom."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from guanxi.platform.people.models import Department, Deputy, Person


def descendants(department: Department) -> QuerySet[Department]:
    """The department itself and everything below it."""
    return Department.objects.filter(path__startswith=department.path)


def department_ids_from(department_id: UUID | None) -> frozenset[UUID]:
    """The ids of a department and everything below it, when only its id is at hand; empty without one."""
    if department_id is None:
        return frozenset()
    return frozenset(
        Department.objects.filter(path__contains=f"/{department_id.hex}/").order_by().values_list("pk", flat=True)
    )


def superior_of(person: Person) -> Person | None:
    """Who decides above this person: his named superior, else the head of the nearest department up the tree.

    Somebody who cannot log in, and the person himself (a head of department), are passed over.
    """
    if person.superior and _can_decide(person.superior):
        return person.superior
    department = person.department
    while department is not None:
        if department.head and department.head_id != person.pk and _can_decide(department.head):
            return department.head
        department = department.parent
    return None


def deputies_of(person: Person, on: date) -> QuerySet[Person]:
    """The people who stand in for this person on the given day and can log in."""
    return Person.objects.filter(
        pk__in=_deputyships(on).filter(person=person).values("deputy"), is_active=True, deleted_at__isnull=True
    )


def _deputyships(on: date) -> QuerySet[Deputy]:
    return Deputy.objects.filter(from_date__lte=on, until_date__gte=on, deleted_at__isnull=True)


def _can_decide(person: Person) -> bool:
    return person.is_active and person.deleted_at is None
