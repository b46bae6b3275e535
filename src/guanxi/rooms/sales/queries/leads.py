"""What is known of leads and what that is worth, and what they tell the customer page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.public import TimelineEntry
from guanxi.rooms.mail.public import Addressee
from guanxi.rooms.sales.models import Lead, LeadState
from guanxi.rooms.sales.policies import ASKED_US, EMAIL, HOT, LARGE, PERSON, REACHABLE, WARM
from guanxi.rooms.sales.rules import Known, Points, score

LEAD = "sales.lead"
CUSTOMER, CONTACT = "customers.customer", "customers.contact"
#: The columns of a lead from which its score follows.
SCORED = ("rating", "mobile", "phone", "email", "person", "size", "source")

_LEADS = Scoped(
    lambda ctx, limit, customers: (
        ctx.search(LEAD).filter(customer__in=customers).select_related("owner").order_by("-closed_on", "pk")[:limit]
    )
)


class Leads:
    """The leads that became a customer, or were found to be one, on its page."""

    only = LEAD

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """From which leads these customers came, with what was noted then."""
        for lead in _LEADS.rows(ctx, limit, customers=[customer.pk for customer in customers]):
            yield TimelineEntry(
                at=lead.closed_on, icon="speakerphone", title=_("Came of a lead: %(name)s") % {"name": lead.name},
                body=lead.content, actor=str(lead.owner or ""), tag=lead.get_channel_display(), tone="green",
                aside=lead.number, module=LEAD, record_id=lead.pk, customer_id=lead.customer_id,
            )  # fmt: skip


LEADS = Leads()


class ToLeads:
    """Leads as addressees of mail (CRM-25, CRM-50): those whom the writer sees and who are no customer yet."""

    module = LEAD
    label = Lead._meta.verbose_name

    def named(self, ctx: Context, text: str) -> Addressee | None:
        """The one lead with that number, or whose company or person is called exactly so."""
        called = Q(number=text) | Q(name=text) | Q(person=text)
        found = list(self._open(ctx).filter(called)[:2])
        return _addressee(found[0]) if len(found) == 1 else None

    def addressee(self, ctx: Context, record_id: UUID) -> Addressee | None:
        """The lead with that id, as far as the writer sees it."""
        found = self._open(ctx).filter(pk=record_id).first()
        return _addressee(found) if found is not None else None

    def _open(self, ctx: Context) -> QuerySet[Lead]:
        return ctx.search(LEAD).exclude(state=LeadState.CONVERTED)


def _addressee(lead: Lead) -> Addressee:
    # As it is kept: who may write to a lead need not be shown the address in clear.
    address = Lead.objects.values_list("email", flat=True).get(pk=lead.pk)
    return Addressee(lead.pk, lead.person or lead.name, address, company=lead.name, number=lead.number)


TO_LEADS = ToLeads()


# ---- Scores ----------------------------------------------------------------------------------------------------------


def points_of(ctx: Context) -> Points:
    """What each thing known of a lead is worth today."""
    worth = ctx.value_of
    return Points(
        hot=worth(HOT), warm=worth(WARM), reachable=worth(REACHABLE), email=worth(EMAIL), person=worth(PERSON),
        large=worth(LARGE), asked_us=worth(ASKED_US),
    )  # fmt: skip


def known_of(told: Mapping[str, Any]) -> Known:
    """What the columns of a lead tell for its score."""
    return Known(
        rating=told["rating"] or "", has_number=bool(told["mobile"] or told["phone"]), has_email=bool(told["email"]),
        has_person=bool(told["person"]), size=told["size"] or "", source=told["source"] or "",
    )  # fmt: skip


def facts_of(lead: Lead) -> Known:
    """What is known of a lead that stands."""
    return known_of({name: getattr(lead, name) for name in SCORED})


def what_counts(lead: Lead) -> str:
    """What the score of a lead is made of, in words; the points stand on its page."""
    each_one = Points(1, 1, 1, 1, 1, 1, 1)
    return _(", ").join(str(why) for why, _worth in score(facts_of(lead), each_one)[1])
