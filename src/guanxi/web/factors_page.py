"""One's second factors: setting up an app or a security key, recovery codes, taking one away."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.notices.notify import notify
from guanxi.platform.people import factors
from guanxi.platform.people.accounts import end_sessions
from guanxi.web import door_book, duties, flashes
from guanxi.web.confirming import require_recent
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PATH = duties.FACTORS
#: Session: the secret that is being shared with an app; what was asked of a new key.
APP_SECRET, NEW_KEY = "app_secret", "new_key"


@duties.for_factors
@require_GET
def show(request: Request) -> HttpResponseBase:
    """What there is, and what can be added."""
    due = request.session.get(duties.FACTOR_DUE)
    context = {
        "factors": factors.factors_of(request.person),
        "codes_left": factors.recovery_codes_left(request.person),
        "codes_made": factors.RECOVERY_CODES,
        "keys_work": factors.keys_work(),
        "due": due,
        "is_duty": duties.of(request) == PATH,
    }
    return page(request, "web/factors.html", context)


@duties.for_factors
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def app(request: Request) -> HttpResponseBase:
    """An authenticator app: the picture it reads, and a code of it to show that it did."""
    require_recent(request)
    secret = request.session.get(APP_SECRET) or factors.new_secret()
    request.session[APP_SECRET] = secret
    if request.method == "GET":
        return _draw_app(request, secret)
    try:
        factors.add_app(request.person, secret, request.POST.get("code", ""), request.ctx.now)
    except Invalid as problem:
        return _draw_app(request, secret, problem)
    del request.session[APP_SECRET]
    return _added(request, _("authenticator app"))


def _draw_app(request: Request, secret: str, problem: Invalid | None = None) -> HttpResponse:
    import segno  # loaded by the one page that draws a code

    picture = segno.make(factors.app_address(request.person, secret), error="m")
    context = {
        "picture": picture.svg_data_uri(scale=5, border=2, dark="#1d1a16", light="#fffdf8"),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "errors": problem.errors if problem else {},
        "back": PATH,
    }
    return page(request, "web/factor_app.html", context, status=422 if problem else 200)


@duties.for_factors
@require_http_methods(["GET", "POST"])
def key(request: Request) -> HttpResponseBase:
    """A security key or passkey: the browser asks for it, and it answers."""
    require_recent(request)
    if request.method == "GET":
        return _draw_key(request)
    try:
        answer = json.loads(request.POST.get("key", ""))
    except ValueError:
        answer = None
    state = request.session.pop(NEW_KEY, None) or {}
    try:
        made = factors.add_key(request.person, state, answer, request.POST.get("name", ""), request.ctx.now)
    except Invalid as problem:
        return _draw_key(request, problem)
    return _added(request, made.name)


def _draw_key(request: Request, problem: Invalid | None = None) -> HttpResponse:
    options, request.session[NEW_KEY] = factors.begin_key(request.person)
    context = {
        "question": json.dumps(options),
        "errors": problem.errors if problem else {},
        "name": request.POST.get("name", ""),
        "back": PATH,
    }
    return page(request, "web/factor_key.html", context, status=422 if problem else 200)


def _added(request: Request, name: str) -> HttpResponseBase:
    """It counts from now on. Whoever sits elsewhere in this person's name, without it, is out."""
    is_first = not factors.recovery_codes_left(request.person)
    _changed(request, "add_factor", name, Message("A second factor was added to your account: %(name)s.", name=name))
    request.session.pop(duties.FACTOR_DUE, None)
    if is_first:
        return _show_codes(request)
    return flashes.redirect(PATH, Message("%(name)s is set up.", name=name))


@duties.for_factors
@require_POST
def recovery(request: Request) -> HttpResponseBase:
    """New recovery codes in place of the old ones."""
    require_recent(request)
    if not factors.kinds_of(request.person):
        raise Conflict(Message("Set up an app or a security key first."))
    door_book.write(request, "new_recovery_codes")
    return _show_codes(request)


def _show_codes(request: Request) -> HttpResponse:
    codes = factors.new_recovery_codes(request.person, request.ctx.now)
    return page(request, "web/recovery_codes.html", {"codes": codes, "next": PATH})


@require_POST
def remove(request: Request, pk: Any) -> HttpResponseBase:
    """Do without one of them from now on."""
    require_recent(request)
    gone = factors.remove(request.person, pk)
    text = Message("A second factor was removed from your account: %(name)s.", name=gone.name)
    _changed(request, "remove_factor", gone.name, text)
    duties.note(request, request.person)
    return flashes.redirect(PATH, Message("%(name)s is removed.", name=gone.name))


def _changed(request: Request, action: str, name: str, text: Message) -> None:
    person = request.person
    door_book.write(request, action, changes={"factor": [None, name] if action == "add_factor" else [name, None]})
    end_sessions([person.pk])
    person.refresh_from_db()
    update_session_auth_hash(request, person)
    notify([person], text, Message("If it was not you, tell the security administrator at once."), kind="security",
           email=True, at=request.ctx.now)  # fmt: skip
