"""What this room tells the customer page: mails in the timeline, and when a customer was written to."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from guanxi.platform.calendar import CHINA, local
from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.public import TimelineEntry
from guanxi.rooms.mail.models import Direction, Handout, Letter, LetterState

LETTER = "mail.letter"
_TEXT = 200

_NEWEST = Scoped(
    lambda ctx, limit, customers: (
        ctx.search(LETTER)
        .filter(customer__in=customers, happened_at__isnull=False)
        .select_related("owner", "contact")
        .defer("page")
        .order_by("-happened_at")[:limit]
    )
)


class Letters:
    """Mails to and from customers, the same mail in two mailboxes once."""

    only = LETTER

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """The newest mails of these customers, as far as the person may see them."""
        seen = set()
        for row in _NEWEST.rows(ctx, limit, customers=[customer.pk for customer in customers]):
            if row.digest and (row.digest, row.customer_id) in seen:
                continue
            seen.add((row.digest, row.customer_id))
            is_ours = row.direction == Direction.OUT
            title = _("Mail: %(subject)s") if is_ours else _("Mail received: %(subject)s")
            yield TimelineEntry(
                at=row.happened_at, icon="mail" if is_ours else "inbox", title=title % {"subject": row},
                body=row.body[:_TEXT], actor=str(row.owner or "") if is_ours else str(row.contact or row.sender_name),
                tag=row.get_state_display() if row.state == LetterState.FAILED else "", module=LETTER,
                record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip

    def last_contacts(self, customers: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, datetime.date]:
        """The day on which each customer was last written to, or wrote."""
        rows = _told(customers).values_list("customer").annotate(last=Max("happened_at"))
        found = {customer: local(last).date() for customer, last in rows.order_by()}
        handed = Handout.objects.filter(customer__in=list(customers), deleted_at=None)
        for customer, last in handed.values_list("customer").annotate(last=Max("sent_on")).order_by():
            found[customer] = max(last, found.get(customer, last))
        return found

    def first_contact_since(self, customer: uuid.UUID, day: datetime.date) -> datetime.date | None:
        """The first day since then on which the customer was written to, or sent material."""
        begins = datetime.datetime.combine(day, datetime.time.min, tzinfo=CHINA)
        mailed = _told([customer]).filter(happened_at__gte=begins).aggregate(first=Min("happened_at"))["first"]
        handed = Handout.objects.filter(customer=customer, deleted_at=None, sent_on__gte=day)
        days = [local(mailed).date() if mailed else None, handed.aggregate(first=Min("sent_on"))["first"]]
        return min((each for each in days if each is not None), default=None)

    def visits(self, ctx: Context, customer: Any) -> Iterable[TimelineEntry]:
        """No visits: those are told by who makes them."""
        return ()


def _told(customers: Iterable[uuid.UUID]) -> Any:
    sent = (LetterState.SENT, LetterState.RECEIVED)
    return Letter.objects.filter(customer__in=list(customers), state__in=sent, deleted_at=None)


LETTERS = Letters()
