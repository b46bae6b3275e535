"""What a program is told when something cannot be done: `application/problem+json` (RFC 9457), in its language."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import (
    Invalid,
    Problem,
    Refused,
    Stale,
    TooMany,
    Unconfirmed,
)  # fmt: skip
from guanxi.kernel.messages import Message
from guanxi.platform.once.sending import UnderWay

CONTENT_TYPE = "application/problem+json"


class Unreadable(Problem):
    """What was sent is not what it claims to be."""

    status = 400
    code = "unreadable"
    default = Message("What was sent cannot be read as JSON.")


class Unauthenticated(Problem):
    """It is not known who calls, or the token shown is not valid (any more, or from here)."""

    status = 401
    code = "unauthenticated"
    default = Message("Show a valid access token, or log in.")


class Merged(Problem):
    """The record went into another one; `module` and `survivor` say into which."""

    status = 410
    code = "merged"
    default = Message("This record was merged into another one.")

    def __init__(self, module: str, survivor: str) -> None:
        self.survivor = survivor
        self.href = f"/api/v1/{module.replace('.', '/')}/{survivor}"
        super().__init__()


class NotOffered(Problem):
    """The address exists, but not for this method."""

    status = 405
    code = "method_not_allowed"
    default = Message("This address does not answer this method.")

    def __init__(self, methods: str) -> None:
        self.methods = methods
        super().__init__()


class OtherMedia(Problem):
    """The body has a content type that is not taken here."""

    status = 415
    code = "unsupported_media"
    default = Message("Send JSON, with the content type application/json.")


class VersionNeeded(Problem):
    """A change must say which version it is based on."""

    status = 428
    code = "version_needed"
    default = Message("Send If-Match with the ETag of the record that you read.")


class Defect(Problem):
    """Something went wrong that is our fault."""

    status = 500
    code = "defect"
    default = Message("Something went wrong on our side. The reference says where to look.")

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__()


#: Every code there is, with its title.
TITLES = {
    "needs_confirmation": _("To be confirmed"),
    "awaits_approval": _("Sent for approval"),
    "unreadable": _("Not readable"),
    "unauthenticated": _("Not logged in"),
    "calendar_unreadable": _("Not readable"),
    "calendar_unauthenticated": _("Not logged in"),
    "calendar_changed": _("Changed in the meantime"),
    "not_allowed": _("Not allowed"),
    "not_found": _("Not found"),
    "merged": _("Merged into another record"),
    "method_not_allowed": _("Method not offered"),
    "unsupported_media": _("Content type not taken"),
    "stale": _("Changed in the meantime"),
    "refused": _("Refused by a rule"),
    "under_way": _("Under way"),
    "conflict": _("Conflict"),
    "too_large": _("Too large"),
    "key_reused": _("Key used for something else"),
    "invalid": _("Input to be corrected"),
    "unsound": _("Drawing to be corrected"),
    "version_needed": _("Version needed"),
    "too_many_calls": _("Too many calls"),
    "unconfirmed": _("To be confirmed first"),
    "away": _("Out of reach"),
    "no_room": _("Disk full"),
    "defect": _("Our mistake"),
    "problem": _("Not possible"),
}


def status_of(problem: Problem) -> int:
    """The status that the interface answers: as on a page, with two exceptions.

    A stale version is a condition that If-Match named; and who has to confirm something first is known already.
    """
    return {Stale: 412, Unconfirmed: 403}.get(type(problem), problem.status)


def answer(problem: Problem) -> HttpResponse:
    """The answer for a problem, whatever it is."""
    code = _code(problem)
    status = status_of(problem)
    told: dict[str, Any] = {
        "type": f"urn:guanxi:problem:{code}",
        "title": str(TITLES[code]),
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


def _code(problem: Problem) -> str:
    only_warned = isinstance(problem, Refused) and problem.decision.allowed
    return "needs_confirmation" if only_warned else problem.code


def _more(problem: Problem) -> dict[str, Any]:
    if isinstance(problem, Invalid):
        return {"errors": {name: [str(message) for message in found] for name, found in problem.errors.items()}}
    if isinstance(problem, Refused):
        return {"decision": problem.decision.told()}
    if isinstance(problem, Stale):
        changes = {name: {"yours": pair[0], "current": pair[1]} for name, pair in problem.changes.items()}
        return {"current_version": problem.current_version, "changes": changes}
    if isinstance(problem, Defect):
        return {"reference": problem.reference}
    if isinstance(problem, Merged):
        return {"merged_into": {"id": problem.survivor, "href": problem.href}}
    return {}


def _headers(problem: Problem) -> dict[str, str]:
    if isinstance(problem, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="Guanxi"'}
    if isinstance(problem, Merged):
        return {"Location": problem.href}
    if isinstance(problem, NotOffered):
        return {"Allow": problem.methods}
    if isinstance(problem, TooMany):
        return {"Retry-After": str(problem.seconds)}
    if isinstance(problem, UnderWay):
        return {"Retry-After": "1"}
    return {"ETag": f'"{problem.current_version}"'} if isinstance(problem, Stale) else {}
