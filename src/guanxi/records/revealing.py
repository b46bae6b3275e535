"""The verb that shows a sealed value: to who may, has said who he is and why, once, and on record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.records import disclosing, masking
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.work import Work


def _execute_reveal(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Tell the sealed values of the records; the page shows them once and keeps them nowhere. Nothing is changed."""
    for work in works:
        work.result = work.record
        held = [known.field(name) for name in sorted(masking.sealed_in(known, work.record))]
        if not held:
            raise Conflict(Message("There is nothing sealed in this record."))
        for spec in held:
            title = Message("%(field)s of %(record)s:", field=spec.label, record=str(work.record))
            ctx.tell(title, secret=spec.value(work.record).plain)
        names = [str(spec.label) for spec in held]
        disclosing.looked_at(ctx, known.module, work.record, Sight.REVEAL, columns=names)


REVEAL = Action(
    name=masking.REVEAL,
    label=_("Reveal"),
    icon="eye",
    standard=True,
    step_up=True,
    asks_reason=True,
    execute=_execute_reveal,
)
