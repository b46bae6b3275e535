"""What the customer's page says of the public pool: whether it is there, or how soon it will be."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.records.context import Context
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.queries.pool import leaves_after
from guanxi.web.panels import panel


@panel("customers.customer")
def leaving(ctx: Context, customer: Customer) -> dict[str, Any]:
    """A seal: nobody's, or about to be taken back from its owner (SAL-14)."""
    if customer.owner_id is None:
        return {"seals": [{"text": _("In the public pool"), "shape": "sq", "tone": "quiet"}]}
    last_day = leaves_after(ctx, customer)
    if last_day is None:
        return {}
    days = max((last_day - ctx.today).days + 1, 1)
    text = ngettext("Goes to the pool in %(count)s day", "Goes to the pool in %(count)s days", days) % {"count": days}
    return {"seals": [{"text": text, "shape": "sq", "tone": ""}]}
