"""A page was printed: what leaves the house on paper goes on record like what leaves it as a file (SEC-04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST

from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.records import disclosing, registry
from guanxi.records.module import Module
from guanxi.web.gate import Request

#: How much of a page's address and title is kept.
KEPT = 200


def shown_on(given: Mapping[str, Any]) -> dict[str, str] | None:
    """Of what a page shows, what the note of its printing names: record type and record; None for other pages.

    A page of its own kind (a report) says it itself, as `printed`.
    """
    if "printed" in given:
        module, record = given["printed"], None
    else:
        known, record = given.get("known"), given.get("record")
        module = getattr(known, "module", None)
    if not isinstance(module, Module):
        return None
    return {"module": module.key, "record": str(record.pk) if isinstance(record, module.model) else ""}


@require_POST
def printed(request: Request) -> HttpResponseBase:
    """The note of a page's script that it is about to be printed: the record, or the list or report, and its address.

    Judged like any look: NotFound for a record that the person may not see, NotAllowed for a record type.
    """
    ctx = request.ctx
    module = registry.find(request.POST.get("module", ""))
    if module is None:
        raise NotFound
    if not ctx.may(module):
        disclosing.refused(ctx, module, Sight.PRINT)
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=module.label_plural))
    told = {"page": request.POST.get("page", "")[:KEPT]}
    if key := request.POST.get("record", ""):
        disclosing.looked_at(ctx, module, ctx.get(module, key), Sight.PRINT, **told)
    elif disclosing.is_watched(ctx, module):
        disclosing.taken(ctx, module, Sight.PRINT, request.POST.get("title", "")[:KEPT], **told)
    return HttpResponse(status=204)
