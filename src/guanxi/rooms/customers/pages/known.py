"""Is this company known? A page for everybody, which tells whether, and whom to ask."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.rooms.customers.actions import CHECK_KNOWN
from guanxi.web import addresses, menu
from guanxi.web.errors import reasons, title_of
from guanxi.web.gate import Request
from guanxi.web.rendering import page

CUSTOMER = "customers.customer"
ACCESS = "customers.archiveaccess"


def may_check(ctx: Context) -> bool:
    """Whether the person may ask at all."""
    return ctx.may(CUSTOMER, CHECK_KNOWN.name)


@require_http_methods(["GET", "POST"])
def show(request: Request) -> HttpResponseBase:
    """Ask (POST, with the text), and read the answer on the same page."""
    ctx = request.ctx
    if not may_check(ctx):
        raise NotAllowed
    given: dict[str, Any] = {"text": "", "errors": [], "answer": None, "asking": ""}
    status = 200
    if request.method == "POST":
        given["text"] = request.POST.get("text", "").strip()
        try:
            given["answer"] = run(CHECK_KNOWN, ctx, CUSTOMER, data={"text": given["text"]})
        except Invalid as problem:
            given["errors"], status = problem.errors.get("text", []), 422
        except Refused as problem:
            given["problem"], given["reasons"], status = title_of(problem), reasons(problem), 422
        if any(one.customer is None for one in given["answer"] or ()) and ctx.may(ACCESS, "create"):
            given["asking"] = f"{addresses.of_module(ACCESS, 'new')}?{urlencode({'customer_name': given['text']})}"
    return page(request, "customers/known.html", given, status=status)


menu.add(
    menu.Entry(
        "known",
        _("Company known?"),
        "/customers/known/",
        "user-search",
        group="archive",
        order=2,
        may=may_check,
    )
)
