"""One's own settings: language, rows of a page, password; where one is signed in, and by what."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Invalid, TooMany
from guanxi.kernel.messages import Message
from guanxi.platform.people import factors, proving, throttle
from guanxi.platform.people.accounts import change_password
from guanxi.platform.people.models import Person
from guanxi.platform.people.policies import IDLE_MINUTES, SECOND_FACTOR_ROLES
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.web import door_book, duties, flashes, preferences, sessions_page
from guanxi.web.gate import Request
from guanxi.web.languages import NAMES, keep, offered
from guanxi.web.login import BEFORE
from guanxi.web.rendering import page


@dataclass(frozen=True)
class Further:
    """A page of a room that one looks for among the settings: its name, its address, and who has it."""

    label: Any
    href: str
    may: Callable[[Context], bool]


#: What the rooms add, below the settings.
further: list[Further] = []
#: Session: the password was just changed because it had to be, so one goes on to work.
WAS_DUTY = "password_was_duty"


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The settings page."""
    return _draw(request)


def _draw(request: Request, problem: Invalid | None = None) -> HttpResponseBase:
    given = {
        "page_size": preferences.page_size(request.person),
        "page_sizes": preferences.PAGE_SIZES,
        "offered_languages": offered(),
        "errors": problem.errors if problem else {},
        "sessions": sessions_page.lines(request),
        "further": [each for each in further if each.may(request.ctx)],
        "factors": factors.factors_of(request.person),
        "before": _before(request),
        "idle_minutes": value_of(IDLE_MINUTES, request.ctx.today),
        "roles_with_duty": value_of(SECOND_FACTOR_ROLES, request.ctx.today),
    }
    return page(request, "web/settings.html", given, status=422 if problem else 200)


def _before(request: Request) -> dict[str, Any]:
    """When the person came in the time before, and how often somebody failed under his name since."""
    found = request.session.get(BEFORE) or {}
    at = found.get("at")
    return {"at": datetime.datetime.fromisoformat(at) if at else None, "failed": found.get("failed", 0)}


@require_POST
def save(request: Request) -> HttpResponseBase:
    """Keep language and rows of a page."""
    language, size = request.POST.get("language", ""), request.POST.get("page_size", "")
    if language not in NAMES:
        return _draw(request, Invalid({"language": [_("Choose one of the offered languages.")]}))
    if not size.isdigit() or int(size) not in preferences.PAGE_SIZES:
        return _draw(request, Invalid({"page_size": [_("Choose one of the offered sizes.")]}))
    preferences.keep(request.person, page_size=int(size))
    Person.objects.filter(pk=request.person.pk).update(language=language)
    with override(language):
        answer = flashes.redirect("/settings/", Message("Saved."))
    keep(answer, language)
    return answer


@duties.allowed
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponseBase:
    """Another password: ends every other session of this person, keeps this one.

    Who must change it gets a page of its own, because no other page is open to him until then.
    """
    if request.method == "GET":
        return _draw_duty(request, {}) if request.person.must_change_password else flashes.redirect("/settings/")
    try:
        _change_password(request)
    except (Invalid, TooMany) as problem:
        found = problem if isinstance(problem, Invalid) else Invalid({"old": [problem.message]})
        return _draw_duty(request, found.errors) if request.person.must_change_password else _draw(request, found)
    target = "/" if request.session.pop(WAS_DUTY, False) else "/settings/"
    return flashes.redirect(target, Message("Your password is changed. All your other sessions are ended."))


def _change_password(request: Request) -> None:
    person: Any = request.user
    given = request.POST
    with throttle.attempt(throttle.confirmation(person.pk)) as attempt:
        proving.check_password(person, given.get("old", ""), "old")
        attempt.succeeded()
    if given.get("password", "") != given.get("again", ""):
        raise Invalid({"again": [_("The two new passwords differ.")]})
    if given.get("password") == given.get("old"):
        raise Invalid({"password": [_("Choose another one than the present.")]})
    was_duty = person.must_change_password
    change_password(person, given.get("password", ""))
    door_book.write(request, "change_password", changes={"by": [None, "person"]})
    update_session_auth_hash(request, person)
    request.session[WAS_DUTY] = was_duty


def _draw_duty(request: Request, found: dict[str, Any]) -> HttpResponseBase:
    given = {
        "person": request.person,
        "errors": found,
        "action": duties.PASSWORD,
        "is_duty": True,
        "language": get_language(),
    }
    return render(request, "web/new_password.html", given, status=422 if found else 200)
