"""What a page says when something cannot be done; and when something went wrong, an id and nothing else."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.kernel.decision import Reason
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Refused, Stale
from guanxi.platform.monitoring.outages import problem_of
from guanxi.records.approvals.asking import PENDING, AwaitsApproval
from guanxi.web import addresses, flashes

logger = logging.getLogger(__name__)

_TEMPLATES = {400: "400", 403: "403", 404: "404", 405: "405", 409: "409", 413: "413", 429: "429", 500: "500"}


def answer(request: Any, problem: Problem) -> HttpResponse:
    """The page of a problem that no form has taken up."""
    if isinstance(problem, AwaitsApproval):
        return _gone_to_approval(request, problem)
    if getattr(request, "htmx", None):
        return part(problem)
    title = {404: "", 403: ""}.get(problem.status, str(_("This cannot be done")))
    message = "" if isinstance(problem, NotFound) else str(problem.message)
    advice = _lifts(problem)
    return _page(request, problem.status, title=title, message=message, advice=advice, back=_back(request))


def _gone_to_approval(request: Any, waiting: AwaitsApproval) -> HttpResponse:
    """What was to be done has become a request: the person is led to it."""
    address = addresses.record(PENDING, waiting.pending.pk)
    answer: Any = HttpResponse(status=204) if getattr(request, "htmx", None) else flashes.redirect(address)
    if getattr(request, "htmx", None):
        answer.headers["HX-Redirect"] = address
    flashes.say(answer, waiting.message, "info")
    return answer


def part(problem: Problem) -> HttpResponse:
    """The same for a script: one line of plain text."""
    return HttpResponse(_line(problem), status=problem.status, content_type="text/plain; charset=utf-8")


def _line(problem: Problem) -> str:
    if isinstance(problem, Invalid):
        return " ".join(str(message) for messages in problem.errors.values() for message in messages)
    return " ".join(filter(None, [str(problem.message), _lifts(problem)]))


def _lifts(problem: Problem) -> str:
    if not isinstance(problem, Refused):
        return ""
    return " ".join(str(reason.remedy) for reason in problem.decision.blocking if reason.remedy)


def reasons(problem: Problem, *, warnings: bool = False) -> list[dict[str, Any]]:
    """A refusal as the page draws it: clause, ground, figures, and what would lift it."""
    if not isinstance(problem, Refused):
        return []
    found = problem.decision.warnings if warnings else problem.decision.blocking
    return [_reason(reason) for reason in found]


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "clause": reason.clause,
        "message": str(reason.message),
        "lift": str(reason.remedy) if reason.remedy else "",
    }


def title_of(problem: Problem) -> str:
    """The heading over a problem on a form."""
    if isinstance(problem, Refused) and problem.decision.allowed:
        return _("Please look at this before saving")
    if isinstance(problem, Refused):
        return _("The regulation does not allow this")
    if isinstance(problem, NotAllowed):
        return _("You may not do this")
    if isinstance(problem, Stale):
        return _("Somebody else has saved this record in the meantime")
    return str(problem.message)


def _back(request: HttpRequest) -> str:
    return request.path if request.method == "POST" else ""


def _page(request: Any, status: int, **context: Any) -> HttpResponse:
    name = _TEMPLATES.get(status, "error")
    given = {"code": status, "language": get_language(), **context}
    return render(request, f"web/errors/{name}.html", given, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No right."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page."""
    return _page(request, 404)


def explain(request: HttpRequest, answer: HttpResponse) -> None:
    """Give a page to the empty answer by which an address of buttons refuses who types it or reloads."""
    shown = _page(request, answer.status_code)
    answer.content = shown.content
    answer.headers["Content-Type"] = shown.headers["Content-Type"]


def server_error(request: HttpRequest) -> HttpResponse:
    """A defect of ours: the person gets an id to tell, the log gets the rest. Of an outage it is said what is away."""
    outage = problem_of(sys.exc_info()[1])
    reference = getattr(request, "id", "") or secrets.token_hex(8)
    logger.error("error %s on %s %s", reference, request.method, request.path, exc_info=sys.exc_info())
    if outage is not None and request.headers.get("HX-Request"):
        return part(outage)
    if outage is not None:
        return _page(request, outage.status, title=_("Not possible at the moment"), message=str(outage.message))
    return _page(request, 500, reference=reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not opened in this session."""
    if request.headers.get("HX-Request"):
        return HttpResponse(
            _("This page is too old to be sent. Reload it and try again."),
            status=403,
            content_type="text/plain; charset=utf-8",
        )
    return render(request, "web/errors/csrf.html", {"language": get_language(), "back": ""}, status=403)
