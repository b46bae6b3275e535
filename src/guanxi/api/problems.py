"""What a program is told when something cannot be done: `application/problem+json` (RFC 9457), in its language."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision, Reason
from guanxi.kernel.errors import (
    Away,
    Conflict,
    Invalid,
    NoRoom,
    NotAllowed,
    NotFound,
    Problem,
    Refused,
    Stale,
    TooLarge,
    TooMany,
    Unconfirmed,
)  # fmt: skip
from guanxi.kernel.messages import Message
from guanxi.platform.once.sending import OtherContent, UnderWay

CONTENT_TYPE = "application/problem+json"


class Unreadable(Problem):
    """What was sent is not what it claims to be."""

    status = 400
    default = Message("What was sent cannot be read as JSON.")


class Unauthenticated(Problem):
    """It is not known who calls, or the token shown is not valid (any more, or from here)."""

    status = 401
    default = Message("Show a valid access token, or log in.")


class NotOffered(Problem):
    """The address exists, but not for this method."""

    status = 405
    default = Message("This address does not answer this method.")

    def __init__(self, methods: str) -> None:
        self.methods = methods
        super().__init__()


class OtherMedia(Problem):
    """The body has a content type that is not taken here."""

    status = 415
    default = Message("Send JSON, with the content type application/json.")


class VersionNeeded(Problem):
    """A change must say which version it is based on."""

    status = 428
    default = Message("Send If-Match with the ETag of the record that you read.")


class Defect(Problem):
    """Something went wrong that is our fault."""

    status = 500
    default = Message("Something went wrong on our side. The reference says where to look.")

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__()


#: Problem → its code and its title; the first class that fits, the finer ones first.
_KINDS: tuple[tuple[type[Problem], str, Any], ...] = (
    (Unreadable, "unreadable", _("Not readable")),
    (Unauthenticated, "unauthenticated", _("Not logged in")),
    (NotAllowed, "not_allowed", _("Not allowed")),
    (NotFound, "not_found", _("Not found")),
    (NotOffered, "method_not_allowed", _("Method not offered")),
    (OtherMedia, "unsupported_media", _("Content type not taken")),
    (Stale, "stale", _("Changed in the meantime")),
    (Refused, "refused", _("Refused by a rule")),
    (UnderWay, "under_way", _("Under way")),
    (Conflict, "conflict", _("Conflict")),
    (TooLarge, "too_large", _("Too large")),
    (OtherContent, "key_reused", _("Key used for something else")),
    (Invalid, "invalid", _("Input to be corrected")),
    (VersionNeeded, "version_needed", _("Version needed")),
    (TooMany, "too_many_calls", _("Too many calls")),
    (Unconfirmed, "unconfirmed", _("To be confirmed first")),
    (Away, "away", _("Out of reach")),
    (NoRoom, "no_room", _("Disk full")),
    (Defect, "defect", _("Our mistake")),
    (Problem, "problem", _("Not possible")),
)
#: Every code there is, for the description of the interface.
CODES = ("needs_confirmation", *(code for _kind, code, _title in _KINDS))


def status_of(problem: Problem) -> int:
    """The status that the interface answers: as on a page, with two exceptions.

    A stale version is a condition that If-Match named; and who has to confirm something first is known already.
    """
    return {Stale: 412, Unconfirmed: 403}.get(type(problem), problem.status)


def answer(problem: Problem) -> HttpResponse:
    """The answer for a problem, whatever it is."""
    code, title = _kind_of(problem)
    status = status_of(problem)
    told: dict[str, Any] = {
        "type": f"urn:guanxi:problem:{code}",
        "title": str(title),
        "status": status,
        "detail": str(problem.message),
        "code": code,
        **_more(problem),
    }
    text = json.dumps(told, ensure_ascii=False, cls=DjangoJSONEncoder)
    response = HttpResponse(text, status=status, content_type=CONTENT_TYPE)
    for name, value in _headers(problem).items():
        response.headers[name] = value
    return response


def _kind_of(problem: Problem) -> tuple[str, Any]:
    code, title = next((code, title) for kind, code, title in _KINDS if isinstance(problem, kind))
    if isinstance(problem, Refused) and problem.decision.allowed:
        return "needs_confirmation", _("To be confirmed")
    return code, title


def _more(problem: Problem) -> dict[str, Any]:
    if isinstance(problem, Invalid):
        return {"errors": {name: [str(message) for message in found] for name, found in problem.errors.items()}}
    if isinstance(problem, Refused):
        return {"decision": decision(problem.decision)}
    if isinstance(problem, Stale):
        changes = {name: {"yours": pair[0], "current": pair[1]} for name, pair in problem.changes.items()}
        return {"current_version": problem.current_version, "changes": changes}
    if isinstance(problem, Defect):
        return {"reference": problem.reference}
    return {}


def decision(judged: Decision) -> dict[str, Any]:
    """A rule's answer in words and figures: under which clause, why, and what would lift it."""
    return {"allowed": judged.allowed, "reasons": [_reason(reason) for reason in judged.reasons]}


def _reason(reason: Reason) -> dict[str, Any]:
    stored = reason.as_dict()["figures"]
    return {
        "clause": reason.clause,
        "message": str(reason.message),
        "figures": {
            name: str(value) if isinstance(value, Message) else stored[name] for name, value in reason.figures.items()
        },
        "remedy": str(reason.remedy) if reason.remedy else None,
        "blocking": reason.blocking,
    }


def _headers(problem: Problem) -> dict[str, str]:
    if isinstance(problem, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="Guanxi"'}
    if isinstance(problem, NotOffered):
        return {"Allow": problem.methods}
    if isinstance(problem, TooMany):
        return {"Retry-After": str(problem.seconds)}
    if isinstance(problem, UnderWay):
        return {"Retry-After": "1"}
    return {"ETag": f'"{problem.current_version}"'} if isinstance(problem, Stale) else {}
