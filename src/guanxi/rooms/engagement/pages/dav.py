"""The calendar for calendar programs (CalDAV, RFC 4791): a strict subset over the records, at `/dav/`.

A program shows a person's user name and an access token that he made for it. What it reads comes through his scope,
what it writes through the verbs; the mark of an entry (ETag) stands for the version that it saw.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import logging
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from guanxi.api import pace
from guanxi.kernel import icalendar_text
from guanxi.kernel.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Refused,
    Stale,
    TooLarge,
    TooMany,
)
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access import tokens
from guanxi.platform.access.models import TokenUse
from guanxi.platform.audit.models import Sight
from guanxi.platform.monitoring.outages import problem_of
from guanxi.platform.notices.models import Notice
from guanxi.platform.notices.notify import notify
from guanxi.platform.people import throttle
from guanxi.platform.people.addresses import client_address
from guanxi.platform.people.models import Person
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.engagement.actions import outside as verbs
from guanxi.rooms.engagement.pages import dav_xml
from guanxi.rooms.engagement.pages.dav_xml import APPLE, SERVER, Answer, Element, Value, cal, dav
from guanxi.rooms.engagement.queries import outside
from guanxi.rooms.engagement.queries.outside import CALENDAR, MODULES, Resource
from guanxi.web.gate import public

logger = logging.getLogger(__name__)

ROOT = "/dav/"
#: The largest entry that is taken, and how many parts it may have (a series with its changed days).
MOST_BYTES, MOST_PARTS = 256 * 1024, 500
LONGEST_NAME = 250
SYNC = "urn:guanxi:sync:"
KINDS = {CALENDAR: "VEVENT", outside.TASKS: "VTODO"}
COLOUR = "#B23A2EFF"
METHODS = ("OPTIONS", "GET", "HEAD", "PUT", "DELETE", "PROPFIND", "PROPPATCH", "REPORT")
NOTICE = "calendar_program"
#: The same reason is told again after so long.
TOLD_AGAIN = datetime.timedelta(days=1)


class Unknown(Problem):
    """It is not known whose program this is."""

    status = 401
    code = "calendar_unauthenticated"
    default = Message("Show your user name and an access token made for a calendar program, not your password.")


class Unmet(Problem):
    """What the program saw is not what is there now."""

    status = 412
    code = "calendar_changed"
    default = Message("Somebody else has changed this entry in the meantime. Fetch it again.")


@dataclass(frozen=True)
class Place:
    """What an address below `/dav/` means: whose, which collection of his, which entry of that."""

    ctx: Context
    person: str = ""
    kind: str = ""
    name: str = ""

    @property
    def principal(self) -> str:
        """The address of the person who calls."""
        return f"{ROOT}{self.ctx.actor.pk}/"

    def href(self, kind: str = "", name: str = "") -> str:
        """The address of one of his collections, or of an entry in it."""
        return f"{self.principal}{kind}/{quote(name, safe='')}" if kind else self.principal


# ---- The way in ------------------------------------------------------------------------------------------------------


@public
@csrf_exempt
def well_known(request: HttpRequest) -> HttpResponse:
    """Where programs look first (RFC 6764)."""
    answer = HttpResponse(status=301)
    answer.headers["Location"] = ROOT
    return answer


@public
@csrf_exempt
def enter(request: Any, rest: str) -> HttpResponseBase:
    """Every address below /dav/, whatever the method."""
    language = translation.get_language()
    answer: HttpResponseBase
    ctx: Context | None = None
    try:
        ctx = _context(request)
        language = ctx.actor.language
        with translation.override(language):
            request.person = ctx.actor  # for the log
            pace.admit(ctx)
            answer = _answer(request, _place(ctx, rest))
    except Exception as error:
        with translation.override(language):
            answer = _refusal(request, ctx, error)
    answer.headers["DAV"] = "1, 3, calendar-access"
    answer.headers["Content-Language"] = language or ""
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _context(request: HttpRequest) -> Context:
    """Whose program it is. What is guessed is counted before anything else is done for it; passwords are not tried."""
    name, secret = _shown(request)
    now, address = calendar.now(), client_address(request.META)
    token = tokens.find(secret, address, now, TokenUse.CALENDAR)
    if token is None or Person.normalize_username(name) != token.owner.username:
        with throttle.attempt(throttle.program(name.lower()[:150], address)):
            raise Unknown
    tokens.mark_used(token, address, now)
    return Context.of(
        token.owner, source="caldav", now=now, address=address, limits=tokens.limits_of(token),
        token=tokens.UsedToken(token.pk, token.name),
    )  # fmt: skip


def _shown(request: HttpRequest) -> tuple[str, str]:
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise Unknown
    try:
        name, _colon, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Unknown from None
    return name, secret.strip()


def _place(ctx: Context, rest: str) -> Place:
    parts = [part for part in rest.split("/") if part]
    if len(parts) > 3 or (parts and parts[0] != str(ctx.actor.pk)):
        raise NotFound
    person, kind, name = [*parts, "", "", ""][:3]
    if kind and (kind not in MODULES or not ctx.may(MODULES[kind])):
        raise NotFound
    if len(name) > LONGEST_NAME or any(sign < " " for sign in name):
        raise NotFound
    return Place(ctx, person, kind, name)


def _answer(request: Any, place: Place) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _with_methods(HttpResponse(status=200))
    if int(request.META.get("CONTENT_LENGTH") or 0) > dav_xml.MOST_BYTES:
        raise TooLarge
    method = _METHODS.get(request.method)
    if method is None:
        return _with_methods(HttpResponse(status=405))
    return method(request, place)


def _with_methods(answer: HttpResponse) -> HttpResponse:
    answer.headers["Allow"] = ", ".join(METHODS)
    return answer


# ---- What is refused -------------------------------------------------------------------------------------------------


def _refusal(request: Any, ctx: Context | None, error: Exception) -> HttpResponse:
    problem = error if isinstance(error, Problem) else problem_of(error)
    if problem is None:
        reference = getattr(request, "id", "") or secrets.token_hex(8)
        logger.error("error %s on %s %s", reference, request.method, request.path, exc_info=error)
        return HttpResponse(status=500)
    status = problem.status
    if isinstance(problem, Stale):
        problem, status = Unmet(), Unmet.status
    elif request.method in ("PUT", "DELETE") and isinstance(problem, Invalid | Refused | TooLarge | NotAllowed):
        status = 403  # 422 and 413 would make programs try again and again
    if request.method in ("PUT", "DELETE") and ctx is not None and status in (403, 409):
        _tell(ctx, request, problem)
    answer = HttpResponse(
        dav_xml.error(_condition(request, problem), str(problem)), status=status, content_type=XML
    )  # fmt: skip
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Guanxi", charset="UTF-8"'
    if isinstance(problem, TooMany):
        answer.headers["Retry-After"] = str(problem.seconds)
    return answer


XML = "application/xml; charset=utf-8"


def _condition(request: Any, problem: Problem) -> str:
    """Which condition of the standard is not met."""
    if isinstance(problem, TooLarge):
        return cal("max-resource-size")
    if request.method == "REPORT":
        return cal("supported-filter") if isinstance(problem, Invalid) else dav("supported-report")
    if isinstance(problem, NotAllowed):
        return dav("need-privileges")
    if isinstance(problem, Conflict) and "UID" in problem.message.msgid:
        return cal("no-uid-conflict")
    return cal("valid-calendar-object-resource") if request.method == "PUT" else dav("forbidden")


def _tell(ctx: Context, request: Any, problem: Problem) -> None:
    """Programs seldom show why something was refused: the person finds it among his notices, once a day."""
    title = Message("Your calendar program could not save a change; here everything stays as it was.")
    lately = Notice.objects.filter(person=ctx.actor, kind=NOTICE, created_at__gt=ctx.now - TOLD_AGAIN)
    told = str(problem)
    if not lately.filter(body=told).exists():
        notify([ctx.actor], title, problem.message, kind=NOTICE, at=ctx.now)


# ---- Reading ---------------------------------------------------------------------------------------------------------


def _propfind(request: Any, place: Place) -> HttpResponse:
    depth = request.headers.get("Depth", "infinity")
    asked = dav_xml.asked_of(dav_xml.parsed(request.body))
    if place.name:
        found = outside.named(place.ctx, place.kind, [place.name]).get(place.name)
        if found is None:
            raise NotFound
        return _told([_of_entry(place, found, asked)])
    if depth not in ("0", "1"):
        return HttpResponse(dav_xml.error(dav("propfind-finite-depth"), ""), status=403, content_type=XML)
    answers = []
    if place.kind:
        entries = outside.collection(place.ctx, place.kind)
        answers.append(_of_collection(place, place.kind, entries, asked))
        answers += [_of_entry(place, each, asked) for each in entries] if depth == "1" else []
    elif place.person:
        answers.append(_chosen(place.principal, _principal(place), asked))
        kinds = [kind for kind, module in MODULES.items() if place.ctx.may(module)] if depth == "1" else []
        answers += [_of_collection(place, kind, outside.collection(place.ctx, kind), asked) for kind in kinds]
    else:
        answers.append(_chosen(ROOT, _root(place), asked))
        answers += [_chosen(place.principal, _principal(place), asked)] if depth == "1" else []
    return _told(answers)


def _told(answers: Iterable[Answer], token: str = "") -> HttpResponse:
    return HttpResponse(dav_xml.multistatus(answers, token), status=207, content_type=XML)


def _chosen(href: str, known: dict[str, Callable[[], Value]], asked: list[str] | None) -> Answer:
    """Of what is known of an address, what was asked for; asked for everything, what is not for special questions."""
    if asked is None:
        plain = (name for name in known if name not in _SPECIAL)
        return Answer(href, {name: known[name]() for name in plain})
    missing = [name for name in asked if name not in known]
    return Answer(href, {name: known[name]() for name in asked if name in known}, missing)


_SPECIAL = frozenset({dav("sync-token"), dav_xml.CALENDAR_DATA, dav("supported-report-set")})


def _link(href: str) -> list[Element]:
    return [Element(dav("href"), href)]


def _root(place: Place) -> dict[str, Callable[[], Value]]:
    return {
        dav("resourcetype"): lambda: [Element(dav("collection"))],
        dav("displayname"): lambda: "Guanxi",
        dav("current-user-principal"): lambda: _link(place.principal),
        dav("principal-collection-set"): lambda: _link(ROOT),
    }


def _principal(place: Place) -> dict[str, Callable[[], Value]]:
    person = place.ctx.actor
    return {
        **_root(place),
        dav("resourcetype"): lambda: [Element(dav("collection")), Element(dav("principal"))],
        dav("displayname"): lambda: person.name,
        dav("principal-URL"): lambda: _link(place.principal),
        dav("owner"): lambda: _link(place.principal),
        cal("calendar-home-set"): lambda: _link(place.principal),
        cal("calendar-user-address-set"): lambda: _link(f"mailto:{person.email}" if person.email else place.principal),
    }


def _of_collection(place: Place, kind: str, entries: list[Resource], asked: list[str] | None) -> Answer:
    state = outside.state_of(entries)
    known: dict[str, Callable[[], Value]] = {
        dav("resourcetype"): lambda: [Element(dav("collection")), Element(cal("calendar"))],
        dav("displayname"): lambda: _name_of(kind),
        dav("current-user-principal"): lambda: _link(place.principal),
        dav("owner"): lambda: _link(place.principal),
        dav("current-user-privilege-set"): lambda: _privileges(place.ctx, kind),
        dav("supported-report-set"): _reports,
        dav("sync-token"): lambda: SYNC + outside.remember_seen(place.ctx, kind, state),
        f"{{{SERVER}}}getctag": lambda: outside.token_of(state),
        cal("supported-calendar-component-set"): lambda: [Element(cal("comp"), "", {"name": KINDS[kind]})],
        cal("supported-calendar-data"): lambda: [
            Element(dav_xml.CALENDAR_DATA, "", {"content-type": "text/calendar", "version": "2.0"})
        ],
        cal("max-resource-size"): lambda: str(MOST_BYTES),
        f"{{{APPLE}}}calendar-color": lambda: COLOUR,
    }
    return _chosen(place.href(kind) if kind else "", known, asked)


def _name_of(kind: str) -> str:
    return _("Appointments") if kind == CALENDAR else _("Tasks")


def _privileges(ctx: Context, kind: str) -> list[Element]:
    """What the person may do there, by what his roles and the token leave him."""
    names = ["read"]
    if ctx.may(MODULES[kind], "create"):
        names += ["bind"]
    if ctx.may(MODULES[kind], "edit"):
        names += ["write-content"]
    if ctx.may(MODULES[kind], "delete"):
        names += ["unbind"]
    if len(names) == 4:
        names += ["write"]
    return [Element(dav("privilege"), [Element(dav(name))]) for name in names]


def _reports() -> list[Element]:
    names = (cal("calendar-query"), cal("calendar-multiget"), dav("sync-collection"))
    return [Element(dav("supported-report"), [Element(dav("report"), [Element(name)])]) for name in names]


def _of_entry(place: Place, found: Resource, asked: list[str] | None, *, content: bool = False) -> Answer:
    known: dict[str, Callable[[], Value]] = {
        dav("resourcetype"): list,
        dav("getetag"): lambda: f'"{found.mark}"',
        dav("getcontenttype"): lambda: f"{TEXT}; component={KINDS[place.kind]}",
        dav("getlastmodified"): lambda: http_date(found.record.changed_at.timestamp()),
        dav("current-user-principal"): lambda: _link(place.principal),
    }
    if content:
        known[dav_xml.CALENDAR_DATA] = lambda: _text(place.ctx, found).decode()
    return _chosen(place.href(place.kind, found.name), known, asked)


TEXT = "text/calendar; charset=utf-8"


def _text(ctx: Context, found: Resource) -> bytes:
    return icalendar_text.write(found.entries, ctx.now)


def _get(request: Any, place: Place) -> HttpResponse:
    found = outside.named(place.ctx, place.kind, [place.name]).get(place.name) if place.name else None
    if found is None:
        raise NotFound
    if request.headers.get("If-None-Match") == f'"{found.mark}"':
        return HttpResponse(status=304)
    disclosing.looked_at(place.ctx, registry.module(MODULES[place.kind]), found.record)
    answer = HttpResponse(_text(place.ctx, found), content_type=TEXT)
    answer.headers["ETag"] = f'"{found.mark}"'
    return answer


def _report(request: Any, place: Place) -> HttpResponse:
    root = dav_xml.parsed(request.body)
    if root is None or not place.kind or place.name:
        raise NotAllowed(Message("Nothing can be asked of this address."))
    report = _REPORTS.get(root.tag)
    if report is None:
        raise NotAllowed(Message("This question is not answered here."))
    return report(place, root)


def _query(place: Place, root: Any) -> HttpResponse:
    kind, within = dav_xml.range_of(root)
    entries = outside.collection(place.ctx, place.kind) if kind in ("", KINDS[place.kind]) else []
    if within is not None:
        entries = [each for each in entries if each.is_within(*within)]
    return _told(_with_content(place, entries, dav_xml.asked_of(root)))


def _multiget(place: Place, root: Any) -> HttpResponse:
    asked = dav_xml.asked_of(root)
    wanted = {href: _name_in(place, href) for href in dav_xml.hrefs_of(root)}
    found = outside.named(place.ctx, place.kind, {name for name in wanted.values() if name})
    answers = _with_content(place, found.values(), asked)
    return _told([*answers, *(Answer(href, gone=True) for href, name in wanted.items() if name not in found)])


def _name_in(place: Place, href: str) -> str:
    """The name of an entry of this collection; "" for any other address."""
    path, base = unquote(urlsplit(href).path), place.href(place.kind)
    name = path.removeprefix(base)
    return name if path.startswith(base) and "/" not in name else ""


def _changes(place: Place, root: Any) -> HttpResponse:
    """What has changed since the state that the program was told last (RFC 6578)."""
    given = (root.findtext(dav("sync-token")) or "").strip()
    before = outside.seen_before(place.ctx, place.kind, given.removeprefix(SYNC)) if given else {}
    if before is None:
        return HttpResponse(dav_xml.error(dav("valid-sync-token"), ""), status=403, content_type=XML)
    entries = outside.collection(place.ctx, place.kind)
    state = outside.state_of(entries)
    changed = [each for each in entries if before.get(each.name) != each.mark]
    gone = [Answer(place.href(place.kind, name), gone=True) for name in before if name not in state]
    token = SYNC + outside.remember_seen(place.ctx, place.kind, state)
    return _told([*_with_content(place, changed, dav_xml.asked_of(root)), *gone], token)


def _with_content(place: Place, entries: Iterable[Resource], asked: list[str] | None) -> list[Answer]:
    found = list(entries)
    if found and asked and dav_xml.CALENDAR_DATA in asked:
        module = registry.module(MODULES[place.kind])
        disclosing.taken(place.ctx, module, Sight.DOWNLOAD, _name_of(place.kind), rows=len(found))
    return [_of_entry(place, each, asked, content=True) for each in found]


# ---- Writing ---------------------------------------------------------------------------------------------------------


def _put(request: Any, place: Place) -> HttpResponse:
    if not place.name:
        raise NotAllowed(Message("An entry is put under a name of its own."))
    found = outside.named(place.ctx, place.kind, [place.name]).get(place.name)
    _require_unchanged(request, found)
    entries = icalendar_text.read(request.body, most_bytes=MOST_BYTES, most=MOST_PARTS)
    is_new = verbs.put(place.ctx, place.kind, place.name, entries, found)
    # Without a mark: what is kept may be told otherwise than it came, so the program fetches it again.
    return HttpResponse(status=201 if is_new else 204)


def _require_unchanged(request: Any, found: Resource | None) -> None:
    match, none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if match is not None and (found is None or (match.strip() != "*" and f'"{found.mark}"' not in match)):
        raise Unmet
    if none_match is not None and found is not None:
        raise Unmet


def _delete(request: Any, place: Place) -> HttpResponse:
    found = outside.named(place.ctx, place.kind, [place.name]).get(place.name) if place.name else None
    if found is None:
        raise NotAllowed if place.kind and not place.name else NotFound
    _require_unchanged(request, found)
    verbs.discard(place.ctx, place.kind, found)
    return HttpResponse(status=204)


def _proppatch(request: Any, place: Place) -> HttpResponse:
    """Names and colours are not changed here; a program that wants to keeps its own."""
    root = dav_xml.parsed(request.body)
    names = [each.tag for prop in root.iter(dav("prop")) for each in prop] if root is not None else []
    href = place.href(place.kind, place.name) if place.person else ROOT
    return _told([Answer(href, forbidden=[name for name in names if isinstance(name, str)])])


_METHODS: dict[str, Callable[[Any, Place], HttpResponse]] = {
    "PROPFIND": _propfind, "REPORT": _report, "GET": _get, "HEAD": _get, "PUT": _put, "DELETE": _delete,
    "PROPPATCH": _proppatch,
}  # fmt: skip
_REPORTS: dict[str, Callable[[Place, Any], HttpResponse]] = {
    cal("calendar-query"): _query, cal("calendar-multiget"): _multiget, dav("sync-collection"): _changes,
}  # fmt: skip


def principal_of(person_id: uuid.UUID) -> str:
    """The address that a program may be given where it does not find it by itself."""
    return f"{ROOT}{person_id}/"
