"""Coming and going: user name and password, then the second factor; the pause after too many attempts; logging out."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.kernel.errors import Invalid, TooMany
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import now
from guanxi.platform.people import factors, proving
from guanxi.platform.people.addresses import client_address
from guanxi.platform.people.models import Person
from guanxi.web import addresses, door_book, duties, flashes
from guanxi.web.gate import public
from guanxi.web.languages import keep, offered
from guanxi.web.targets import local_target

LINKS = {"language": "/language/"}
SECOND = "/login/second/"
#: Session: who has shown his password and not yet the second factor; what was asked of his security key.
PENDING, KEY_STATE = "pending", "key_state"
#: Session: when the person signed in before, and how often somebody failed under his name since.
BEFORE = "before"
#: Longer than it takes to find the phone.
PENDING_LASTS = datetime.timedelta(minutes=10)
BACKEND = "guanxi.platform.people.signed_in.SignedIn"


def first(request: Any) -> HttpResponseBase:
    """What somebody gets who is not logged in: the log-in page, which leads back; never in answer to sent input."""
    if request.headers.get("HX-Request") or request.method != "GET":
        text = _("Your session has ended. Log in again in another tab, then come back here and send once more.")
        if request.headers.get("HX-Request"):
            return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")
        given = {"language": get_language(), "title": _("Your session has ended"), "message": text}
        return render(request, "web/errors/403.html", given, status=403)
    return HttpResponseRedirect(addresses.with_query("/login/", {"next": request.get_full_path()}))


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: Any) -> HttpResponseBase:
    """Log in with user name and password; who has a second factor is asked for it on the next page."""
    target = local_target(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.person is not None:
        return HttpResponseRedirect(target)
    if request.method == "GET":
        return _form(request, target)
    username = request.POST.get("username", "").strip()[:150]
    known = Person.objects.filter(username=Person.normalize_username(username)).first()
    try:
        person = proving.sign_in(request, username, request.POST.get("password", ""), client_address(request.META))
    except TooMany as problem:
        door_book.write(request, "sign_in", known, refused=True, changes={"shut_out": [None, True]})
        return locked_out(request, problem)
    if person is None:
        door_book.write(request, "sign_in", known, refused=True)
        return _form(request, target, username, _("User name or password is wrong."), status=422)
    if proving.second_ways(person):
        request.session.flush()
        request.session[PENDING] = {
            "person": str(person.pk), "proof": person.get_session_auth_hash(), "at": now().isoformat(), "next": target
        }  # fmt: skip
        return HttpResponseRedirect(SECOND)
    return _enter(request, person, target)


@public
@never_cache
@sensitive_post_parameters("code", "key")
@require_http_methods(["GET", "POST"])
def second(request: Any) -> HttpResponseBase:
    """The second factor of somebody whose password was right."""
    pending = request.session.get(PENDING)
    person = _pending_person(pending)
    if request.person is not None or pending is None or person is None:
        return HttpResponseRedirect("/login/")
    if request.method == "GET":
        return _ask_second(request, person)
    try:
        proving.second(person, request.POST.dict(), request.session.pop(KEY_STATE, None))
    except (Invalid, TooMany) as problem:
        door_book.write(request, "second_factor", person, refused=True)
        return locked_out(request, problem) if isinstance(problem, TooMany) else _ask_second(request, person, problem)
    return _enter(request, person, pending["next"], by="key" if request.POST.get("key") else "code")


def _pending_person(pending: Any) -> Person | None:
    """Whose password was right a moment ago, and still is."""
    if not pending or now() - datetime.datetime.fromisoformat(pending["at"]) > PENDING_LASTS:
        return None
    person = Person.objects.filter(pk=pending["person"], is_active=True, deleted_at=None).first()
    return person if person is not None and person.get_session_auth_hash() == pending["proof"] else None


def _ask_second(request: Any, person: Person, problem: Invalid | None = None) -> HttpResponse:
    ways = proving.second_ways(person)
    question = ""
    if "key" in ways:
        options, request.session[KEY_STATE] = factors.ask_key(person)
        question = json.dumps(options)
    given = {
        "person": person,
        "ways": ways,
        "question": question,
        "errors": problem.errors if problem else {},
        "language": get_language(),
        "form_action": SECOND,
    }
    return render(request, "web/second.html", given, status=422 if problem else 200)


def _enter(request: Any, person: Person, target: str, by: str = "password") -> HttpResponseBase:
    """The session begins, under a new key, knowing what there was before it."""
    failed = _failed_since(person)
    before = {"at": person.last_login.isoformat() if person.last_login else "", "failed": failed}
    auth.login(request, person, backend=BACKEND)
    request.session.pop(PENDING, None)
    request.session.ends = now() + duties.idle()
    request.session[BEFORE] = before
    duties.note(request, person)
    door_book.write(request, "sign_in", person, changes={"by": [None, by]})
    answer = HttpResponseRedirect(target)
    keep(answer, person.language)
    if failed:
        with override(person.language):
            flashes.say(answer, _told(failed), "warn")
    return answer


def _told(failed: int) -> str:
    return ngettext(
        "Since you were last here, %(count)s attempt to sign in under your name has failed. See My settings.",
        "Since you were last here, %(count)s attempts to sign in under your name have failed. See My settings.",
        failed,
    ) % {"count": failed}


def _failed_since(person: Person) -> int:
    """How often somebody failed under the person's name since he last came in."""
    rows = AuditEntry.objects.filter(
        module=door_book.PERSON, record_id=person.pk, action__in=("sign_in", "second_factor"), outcome="refused"
    )
    return (rows.filter(at__gt=person.last_login) if person.last_login else rows).count()


def _form(request: Any, target: str, username: str = "", error: str = "", status: int = 200) -> HttpResponse:
    given = {
        "next": target if target != "/" else "",
        "username": username,
        "error": error,
        "form_action": "/login/",
        "languages": offered(),
        "language": get_language(),
        "links": LINKS,
    }
    return render(request, "web/login.html", given, status=status)


def locked_out(request: HttpRequest, problem: TooMany) -> HttpResponse:
    """The page after too many failures; nobody needs to unlock anything, only time must pass."""
    minutes = -(-problem.seconds // 60)
    message = ngettext(
        "Too many attempts have failed. For safety this can be tried again in %(minutes)s minute; "
        "nobody needs to unlock it.",
        "Too many attempts have failed. For safety this can be tried again in %(minutes)s minutes; "
        "nobody needs to unlock it.",
        minutes,
    ) % {"minutes": minutes}
    answer = render(request, "web/errors/429.html", {"language": get_language(), "message": message}, status=429)
    answer.headers["Retry-After"] = str(problem.seconds)
    return answer


@duties.allowed
@require_POST
def logout(request: Any) -> HttpResponseBase:
    """Log out and end this session; what the browser has stored of it goes too (pages are never stored)."""
    if request.person is not None:
        door_book.write(request, "sign_out")
    auth.logout(request)
    answer = HttpResponseRedirect("/login/")
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer
