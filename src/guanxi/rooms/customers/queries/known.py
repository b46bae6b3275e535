"""Is this company known to us? An answer for people who may not see the customer: whether, and whom to ask."""

from __future__ import annotations

import contextlib
import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.chinese.phone import normalise_phone
from guanxi.kernel.errors import Invalid
from guanxi.platform.audit.models import AuditEntry, Outcome
from guanxi.records.context import Context
from guanxi.records.models import DuplicateKey
from guanxi.rooms.customers.models import Customer

CUSTOMER = "customers.customer"
CHECK = "check_known"
#: A name of fewer signs is like too many others to say anything of a similar one.
SHORTEST_SIMILAR = 4
MOST_SIMILAR = 3


@dataclass(frozen=True)
class Acquaintance:
    """That a company is known: how surely, in which state, whom to ask; the customer itself for who may see it."""

    certain: bool
    state: Any
    owner: str
    department: str
    customer: Customer | None = None


def who_knows(ctx: Context, text: str) -> list[Acquaintance]:
    """Who looks after the company meant by a name, number, credit code or telephone number; empty when unknown.

    Not scoped: everybody may ask. It tells nobody more of a customer than state and whom to ask.
    """
    text = text.strip()
    exact = set(_exactly(text))
    similar = [pk for pk in _similarly(company_key(text)) if pk not in exact][:MOST_SIMILAR]
    rows = Customer.objects.filter(pk__in=[*exact, *similar]).select_related("owner", "department")
    visible = set(ctx.search(CUSTOMER).filter(pk__in=[*exact, *similar]).values_list("pk", flat=True))
    found = [
        Acquaintance(
            certain=row.pk in exact,
            state=_state(row),
            owner=row.owner.name if row.owner else "",
            department=row.department.name if row.department else "",
            customer=row if row.pk in visible else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.certain, one.owner))


def checks_today(ctx: Context) -> int:
    """How often the person has asked today; refused questions do not count."""
    midnight = timezone.make_aware(datetime.datetime.combine(ctx.today, datetime.time()))
    asked = AuditEntry.objects.filter(actor=ctx.actor, at__gte=midnight, action=CHECK, outcome=Outcome.DONE)
    return asked.count()


def _exactly(text: str) -> list[uuid.UUID]:
    if not text:
        return []
    named = Q(number=text) | Q(name=text) | Q(short_name=text) | Q(credit_code=text.upper())
    keys = [("name", company_key(text)), ("credit_code", text.upper())]
    with contextlib.suppress(Invalid):
        keys.append(("phone", normalise_phone(text).digits))
    known = DuplicateKey.objects.filter(module=CUSTOMER)
    same = [known.filter(rule=rule, key=key).values_list("record_id", flat=True) for rule, key in keys if key]
    ids = {pk for hits in same for pk in hits[:MOST_SIMILAR]}
    return [*ids, *Customer.objects.filter(named).exclude(pk__in=ids).values_list("pk", flat=True)[:MOST_SIMILAR]]


def _similarly(key: str) -> list[uuid.UUID]:
    """Customers whose comparable name begins with this one, or with which this one begins."""
    if len(key) < SHORTEST_SIMILAR:
        return []
    shorter = [key[:length] for length in range(SHORTEST_SIMILAR, len(key))]
    rows = DuplicateKey.objects.filter(Q(key__startswith=key) | Q(key__in=shorter), module=CUSTOMER, rule="name")
    return list(rows.order_by("key").values_list("record_id", flat=True)[: MOST_SIMILAR * 2])


def _state(customer: Customer) -> Any:
    if customer.deleted_at is not None:
        return _("in the recycle bin")
    return _("prospect") if customer.status == "prospect" else _("customer")
