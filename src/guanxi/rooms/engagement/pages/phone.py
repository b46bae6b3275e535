"""The calendar on one's phone: what to enter there, tokens made for it, subscriptions, a file brought in."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.errors import Invalid, NotAllowed, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.access import tokens
from guanxi.platform.access.models import AccessToken, TokenUse
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.importing import running
from guanxi.records.standard import CREATE
from guanxi.rooms.engagement.pages import bringing, dav
from guanxi.rooms.engagement.pages.calendar import may_open
from guanxi.rooms.engagement.queries.calendar import CUSTOMER, EVENT, TASK
from guanxi.web import addresses, flashes, settings_page
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PLACE = "/calendar/phone/"
KEPT = "access.accesstoken"
#: How long a token made here is valid, as far as any may be.
LASTING = datetime.timedelta(days=tokens.LONGEST)


@require_GET
def show(request: Request) -> HttpResponseBase:
    """What to enter on the phone, and the tokens that are in use for it."""
    return _draw(request)


def _draw(request: Request, problem: Problem | None = None) -> HttpResponse:
    if not may_open(request.ctx):
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=_("Calendar")))
    base = settings.BASE_URL.rstrip("/")
    rows = AccessToken.objects.filter(owner=request.person, deleted_at=None, revoked_at=None)
    given = {
        "server": urlsplit(base).netloc, "address": f"{base}{dav.ROOT}",
        "principal": f"{base}{dav.principal_of(request.person.pk)}",
        "in_use": [
            {"token": token, "href": addresses.record(KEPT, token.pk), "is_feed": token.use == TokenUse.FEED,
             "is_over": token.expires_on < request.ctx.today}
            for token in rows.filter(use__in=(TokenUse.CALENDAR, TokenUse.FEED))
        ],
        "may_make": request.ctx.may(KEPT, "create"), "is_https": base.startswith("https://"),
        "may_import": request.ctx.may(EVENT, "import"),
        "problem": _text_of(problem), "here": PLACE, "uses": TokenUse,
    }  # fmt: skip
    return page(request, "engagement/phone.html", given, status=problem.status if problem else 200)


def _text_of(problem: Problem | None) -> str:
    if isinstance(problem, Invalid):
        return " ".join(str(message) for found in problem.errors.values() for message in found)
    return str(problem.message) if problem else ""


@sensitive_post_parameters()
@require_POST
def make_token(request: Request) -> HttpResponseBase:
    """A token for a calendar program, or the address of a subscription: shown this once."""
    use = TokenUse.FEED if request.POST.get("use") == TokenUse.FEED else TokenUse.CALENDAR
    name = request.POST.get("name", "").strip()
    given: dict[str, Any] = {
        "name": name or (_("Subscribed calendar") if use == TokenUse.FEED else _("Calendar on the phone")), "use": use,
        "expires_on": request.ctx.today + LASTING, "read_only": use == TokenUse.FEED,
        "modules": [] if use == TokenUse.FEED else [EVENT, TASK, CUSTOMER],
    }  # fmt: skip
    try:
        token = run(CREATE, request.ctx, KEPT, None, given)
    except Invalid as problem:
        return _draw(request, problem)
    secret = request.ctx.told[-1].secret
    base = settings.BASE_URL.rstrip("/")
    shown = {
        "token": token, "secret": secret, "back": PLACE, "is_feed": use == TokenUse.FEED,
        "address": f"{base}/calendar/feed/{secret}.ics" if use == TokenUse.FEED else f"{base}{dav.ROOT}",
    }  # fmt: skip
    if use == TokenUse.FEED:
        shown["picture"] = _picture(str(shown["address"]))
    return page(request, "engagement/phone_token.html", shown)


def _picture(address: str) -> str:
    """The address as a picture that a phone reads; its own word for calendars makes it offer to subscribe."""
    import segno  # loaded by the pages that draw a code

    made = segno.make(f"webcal://{address.split('://', 1)[1]}", error="m")
    return str(made.svg_data_uri(scale=4, border=2, dark="#1d1a16", light="#fffdf8"))


@require_POST
def bring(request: Request) -> HttpResponseBase:
    """An .ics file becomes a table of appointments, which goes the way of every import."""
    ctx, module = request.ctx, registry.module(EVENT)
    running.require_right(ctx, module)
    try:
        given = request.FILES.get("file")
        if given is None:
            raise Invalid({"file": [Message("Choose a file.")]})
        table = bringing.table_of(given.read(bringing.MOST_BYTES + 1))
        name = f"{str(given.name).rsplit('.', 1)[0][:80]}.csv"
        kept = store(table, name, request.person, ctx.now, StoredFile.Kind.IMPORT, module=EVENT)
        begun = running.begin(ctx, module, kept)
    except Problem as problem:
        return _draw(request, problem)
    return flashes.redirect(addresses.of_module(EVENT, "import", begun.pk, "columns"))


settings_page.further.append(settings_page.Further(gettext_lazy("Calendar on your phone"), PLACE, may_open))
