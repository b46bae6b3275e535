"""Asking again who it is, before something grave: once more the password, or the second factor.

A view or an action that needs it raises Unconfirmed (`Context.require_confirmed`); nobody has to handle it. The answer
asks, keeps everything that was sent, and repeats the request: a page by sending its form on, a script in a window.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, Problem, TooMany
from guanxi.platform.calendar import now
from guanxi.platform.people import factors, proving
from guanxi.platform.people.sessions import CONFIRMED
from guanxi.records.context import Context
from guanxi.web import door_book, duties
from guanxi.web.gate import Request
from guanxi.web.rendering import page
from guanxi.web.targets import local_target

PATH = "/confirm/"
#: The fields of the question all begin so: they are no part of what is sent on.
PREFIX = "gx-confirm-"
ASKED = f"{PREFIX}asked"
#: Session: what the person's security key was asked.
KEY_STATE = "confirm_key_state"
#: Tells a script to ask, and where.
HEADER = "Gx-Confirm"


def require_recent(request: Request) -> None:
    """Raise Unconfirmed unless the person showed in the last minutes who he is: for views that run no action."""
    request.ctx.require_confirmed()


def ask(request: Any) -> HttpResponse:
    """The answer to a request that needs confirming first."""
    if request.htmx:
        answer = HttpResponse(_("Please confirm first that it is you."), status=401, content_type="text/plain")
        answer.headers[HEADER] = PATH
        return answer
    return _question(request)


def take(request: Any) -> HttpResponseBase | None:
    """Before the view: when the question was answered with this request, judge it; None lets the request go on."""
    if request.method != "POST" or request.person is None or request.path == PATH or ASKED not in request.POST:
        return None
    problem = _judge(request)
    return _question(request, problem) if problem is not None else None


@duties.allowed
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: Request) -> HttpResponseBase:
    """The question by itself: for a script's window, and on the way to a page that only shows something."""
    target = local_target(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "GET":
        return _question(request, target=target)
    problem = _judge(request)
    if problem is not None:
        return _question(request, problem, target=target)
    return HttpResponse(status=204) if request.htmx else HttpResponseRedirect(target)


def _judge(request: Any) -> Problem | None:
    """What is wrong with the answer; when nothing is, this session counts as confirmed from now on."""
    given = {name.removeprefix(PREFIX): value for name, value in request.POST.items() if name.startswith(PREFIX)}
    try:
        proving.confirm(request.person, given, request.session.pop(KEY_STATE, None))
    except (Invalid, TooMany) as problem:
        door_book.write(request, "confirm", refused=True)
        return problem
    note(request)
    door_book.write(request, "confirm")
    return None


def note(request: Any) -> None:
    """The person has just shown who he is. The session gets a new key, as whenever it becomes able to do more."""
    request.session.cycle_key()
    request.session[CONFIRMED] = now().isoformat()
    request.ctx = Context.of(request.person, source=request.ctx.source, address=request.ctx.address, confirmed_at=now())


def _question(request: Any, problem: Problem | None = None, target: str = "") -> HttpResponse:
    """The page or part that asks, with everything in it that was sent."""
    ways, question = proving.ways(request.person), ""
    if "key" in ways:
        options, request.session[KEY_STATE] = factors.ask_key(request.person)
        question = json.dumps(options)
    is_repeat = request.path != PATH and request.method == "POST"
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(PREFIX)
    ]
    context = {
        "post_to": request.get_full_path() if is_repeat else PATH,
        "kept": kept if is_repeat else [("next", target or request.get_full_path())],
        "lost_files": [str(file.name) for file in request.FILES.values()] if is_repeat else [],
        "errors": problem.errors if isinstance(problem, Invalid) else {},
        "problem": str(problem.message) if isinstance(problem, TooMany) else "",
        "ways": ways,
        "question": question,
        "prefix": PREFIX,
    }
    status = problem.status if problem is not None else 200 if request.path == PATH else 401
    return page(request, "web/confirm.html", context, status=status)
