"""What somebody has to do before anything else: change a password that others have seen, set up a second factor.

Until it is done every page leads there; pages marked `allowed` are the way to do it, and the way out.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from guanxi.platform import calendar
from guanxi.platform.access.models import PersonRole
from guanxi.platform.people import factors
from guanxi.platform.people.models import Person
from guanxi.platform.people.policies import IDLE_MINUTES, SECOND_FACTOR_GRACE_DAYS, SECOND_FACTOR_ROLES, SESSION_HOURS
from guanxi.platform.policy.values import timeline, value_of
from guanxi.web.gate import View, is_public

PASSWORD, FACTORS = "/settings/password/", "/settings/factors/"
#: Session: from which day on the person needs a second factor, as long as he has none.
FACTOR_DUE = "factor_due"


def allowed(view: View) -> View:
    """Let somebody to this page whatever he has to do first: the password's own page, and the way out."""
    view.allowed_on_duty = (PASSWORD, FACTORS)  # type: ignore[attr-defined]
    return view


def for_factors(view: View) -> View:
    """Let somebody to this page who has to set up a second factor; not who has a password that others know."""
    view.allowed_on_duty = (FACTORS,)  # type: ignore[attr-defined]
    return view


def idle() -> datetime.timedelta:
    """After how long without a request a session is over."""
    return datetime.timedelta(minutes=value_of(IDLE_MINUTES, calendar.today()))


def longest() -> datetime.timedelta:
    """After how long a session is over in any case."""
    return datetime.timedelta(hours=value_of(SESSION_HOURS, calendar.today()))


def note(request: Any, person: Person) -> None:
    """At sign-in: keep with the session from when on it needs a second factor. A change of role ends the session."""
    due = None if factors.kinds_of(person) else factor_due(person, calendar.today())
    if due is None:
        request.session.pop(FACTOR_DUE, None)
    else:
        request.session[FACTOR_DUE] = due.isoformat()


def factor_due(person: Person, today: datetime.date) -> datetime.date | None:
    """From which day on this person must have a second factor; None when no role of his asks for one."""
    codes = {text.strip() for text in value_of(SECOND_FACTOR_ROLES, today).replace("，", ",").split(",")}
    held = PersonRole.objects.filter(person=person, role__code__in=codes, role__deleted_at=None, deleted_at=None)
    since = [given or person.created_at for given in held.values_list("created_at", flat=True)]
    if not since:
        return None
    first = min((calendar.local(moment).date() for moment in since if moment), default=today)
    changed = max((row.valid_from for row in timeline(SECOND_FACTOR_ROLES) if row.valid_from <= today), default=first)
    return max(first, changed) + datetime.timedelta(days=value_of(SECOND_FACTOR_GRACE_DAYS, today))


def of(request: Any) -> str:
    """The page of what the person has to do first; "" when there is nothing."""
    if request.person.must_change_password:
        return PASSWORD
    due = request.session.get(FACTOR_DUE)
    return FACTORS if due and calendar.today() >= datetime.date.fromisoformat(due) else ""


def stop(request: Any, view: Any) -> HttpResponseBase | None:
    """Lead to the duty instead of this page; None when there is none, or the page is part of it."""
    if is_public(view):
        return None
    page = of(request)
    if not page or page in getattr(view, "allowed_on_duty", ()):
        return None
    if request.path.startswith("/api/"):
        detail = _("Sign in on the pages first: there is something to do with your access.")
        body = {"type": "about:blank", "title": detail, "status": 403, "code": "duty", "detail": detail}
        return JsonResponse(body, status=403, content_type="application/problem+json")
    if request.htmx:
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = page
        return answer
    return HttpResponseRedirect(page)
