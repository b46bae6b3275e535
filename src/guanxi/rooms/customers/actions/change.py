"""A change at a customer: told to the superior and to whom it concerns, and put into the master at once (WF-04)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Department, Person
from guanxi.platform.people.queries import superior_of
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, edit
from guanxi.records.work import Work
from guanxi.rooms.customers.models import ChangeEvent

CHANGE, CUSTOMER = "customers.changeevent", "customers.customer"


def complete_change(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A field that has changed comes with its new value, once: what was put into the master is not put there anew."""
    if record is not None:
        return values
    if bool(values.get("subject")) != bool((values.get("new_value") or "").strip()):
        name, text = (
            ("new_value", Message("Say what it is now."))
            if values.get("subject")
            else ("subject", Message("Say which field has this value now."))
        )
        raise Invalid({name: [text]})
    return values


def _execute(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    for work in works:
        event = work.result
        if event.subject:
            edit(ctx.because(event.content), CUSTOMER, event.customer, **{event.subject: event.new_value})
        _tell(ctx, event)


def _tell(ctx: Context, event: ChangeEvent) -> None:
    """Who is over the owner, and the chosen departments: their heads, all of a department that has none."""
    owner = event.customer.owner or ctx.actor
    title = Message("%(name)s: %(kind)s", name=event.customer, kind=_kind(event))
    people = {*_people_of(event.tell), *filter(None, [superior_of(owner)])} - {ctx.actor}
    notify(people, title, event.content, CHANGE, event.pk, "change", at=ctx.now)


def _kind(event: ChangeEvent) -> Message:
    return Message("a change at the customer, %(day)s", day=event.happened_on)


def _people_of(codes: Iterable[str]) -> set[Person]:
    found: set[Person] = set()
    for department in Department.objects.filter(code__in=list(codes), deleted_at=None).select_related("head"):
        found |= {department.head} if department.head else set(Person.objects.filter(department=department))
    return found


#: The standard verb, which tells of the change and puts the new value into the master.
RECORD_CHANGE = dataclasses.replace(CREATE, execute=_execute)
