"""Who gets to a page: everybody logged in unless it says it is public; to a record type's pages, who may see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.signposts import seen_survivor_of
from guanxi.web import addresses, flashes

View = Callable[..., HttpResponseBase]
#: A page of a record type: it gets the register's entry instead of the two parts of the address.
ModuleView = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request behind the gate, as `PersonMiddleware` completes it: who asks, and in which circumstances."""

    person: Person
    ctx: Context
    htmx: Any


def public(view: View) -> View:
    """Let everybody to this page, without logging in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(view: Any) -> bool:
    """Whether a page is open without logging in."""
    return bool(getattr(view, "is_public", False))


def of_module(view: ModuleView) -> View:
    """A page of a record type: 404 for an unknown one, 403 for who may not see any of its records."""

    @wraps(view)
    def checked(request: Request, app: str, noun: str, **parts: Any) -> HttpResponseBase:
        known = registry.entry(f"{app}.{noun}")
        if not request.ctx.may(known.module):
            raise NotAllowed(Message("You have no right to see: %(module)s.", module=known.module.label_plural))
        try:
            return view(request, known, **parts)
        except NotFound:
            if request.method == "GET" and (there := _led_on(request, known, parts.get("pk"))):
                return there
            raise

    checked.is_of_module = True  # type: ignore[attr-defined]
    return checked


def _led_on(request: Request, known: Registered, pk: Any) -> HttpResponseBase | None:
    """The address of a merged record leads to the one it went into, if the person may see that."""
    survivor = seen_survivor_of(request.ctx, known.module, pk) if isinstance(pk, UUID) else None
    if survivor is None:
        return None
    answer = flashes.redirect(
        addresses.record(known.module, survivor), Message("The record you asked for was merged into this one."), "info"
    )
    answer.status_code = 303
    return answer


def require(ctx: Context, known: Registered, action: str, label: object) -> None:
    """NotAllowed unless the person may do the action on some records of the type."""
    if not ctx.may(known.module, action):
        raise NotAllowed(
            Message("You may not do this: %(action)s, %(module)s.", action=label, module=known.module.label)
        )
