"""Whom a step asks: what stands in the diagram, made into people at the moment the step begins.

starter · owner                      who started it · whose the record is
superior_of:starter (owner, previous)  who decides above that person
head_of:starter (owner)              the head of that person's department
role:sales_manager                   everybody who holds the role
position:销售部经理                   everybody in the position
person:zhang.wei                     that person
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from guanxi.kernel.messages import Message
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.people.models import Person, Position
from guanxi.platform.people.queries import superior_of

#: The people a process knows by their part in it; figures of these names hold their ids.
PARTS = ("starter", "owner", "previous")
NAMED = ("role", "position", "person")
KINDS = ("superior_of", "head_of", *NAMED)
#: Who may begin a process that anybody may begin.
EVERYBODY = "everybody"


def people_asked(asked: Iterable[str], figures: Mapping[str, Any]) -> list[Person]:
    """The people that a step's `ask` means now, each once, who can log in."""
    found: dict[UUID, Person] = {}
    for each in asked:
        for person in _meant(each, figures):
            if person.is_active and person.deleted_at is None:
                found.setdefault(person.pk, person)
    return list(found.values())


def means(asked: Iterable[str], person: Person) -> bool:
    """Whether this person is among those who are meant, where nobody has started anything yet."""
    named = tuple(asked)
    return EVERYBODY in named or person in people_asked([each for each in named if each != EVERYBODY], {})


def _meant(asked: str, figures: Mapping[str, Any]) -> Iterable[Person]:
    kind, _, name = asked.partition(":")
    if not name:
        person = _part(kind, figures)
        return [person] if person else []
    match kind:
        case "role":
            held = PersonRole.objects.filter(role__code=name, role__deleted_at=None, deleted_at=None)
            return Person.objects.filter(pk__in=held.values("person")).order_by("name_pinyin", "id")
        case "position":
            return Person.objects.filter(position__name=name).order_by("name_pinyin", "id")
        case "person":
            return Person.objects.filter(username=Person.normalize_username(name))
    person = _part(name, figures)
    if person is None:
        return []
    above = superior_of(person) if kind == "superior_of" else _head(person)
    return [above] if above else []


def _part(name: str, figures: Mapping[str, Any]) -> Person | None:
    key = figures.get(name)
    return Person.objects.filter(pk=key).select_related("superior", "department__head").first() if key else None


def _head(person: Person) -> Person | None:
    return person.department.head if person.department else None


def wrong_with(asked: str) -> Message | None:
    """Why nobody can ever be meant by it: a kind, role, position or person that there is not."""
    kind, colon, name = asked.partition(":")
    if not colon:
        return None if kind in PARTS else Message("“%(asked)s” means nobody.", asked=asked)
    match kind:
        case "role":
            known = Role.objects.filter(code=name, deleted_at=None).exists()
        case "position":
            known = Position.objects.filter(name=name, deleted_at=None).exists()
        case "person":
            known = Person.objects.filter(username=Person.normalize_username(name), deleted_at=None).exists()
        case "superior_of" | "head_of":
            known = name in PARTS
        case _:
            known = False
    return None if known else Message("“%(asked)s” means nobody.", asked=asked)
