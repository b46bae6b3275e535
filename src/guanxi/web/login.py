"""Coming and going: log in, the pause after too many attempts, log out."""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.kernel.errors import TooMany
from guanxi.platform.people import proving
from guanxi.platform.people.addresses import client_address
from guanxi.platform.people.models import Person
from guanxi.web import addresses, door_book
from guanxi.web.gate import public
from guanxi.web.languages import keep, offered
from guanxi.web.targets import local_target

LINKS = {"language": "/language/"}


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
    """Log in with user name and password."""
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
    auth.login(request, person)
    door_book.write(request, "sign_in", person)
    answer = HttpResponseRedirect(target)
    keep(answer, person.language)
    return answer


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


@require_POST
def logout(request: Any) -> HttpResponseBase:
    """Log out and end this session; what the browser has stored of it goes too (pages are never stored)."""
    if request.person is not None:
        door_book.write(request, "sign_out")
    auth.logout(request)
    answer = HttpResponseRedirect("/login/")
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer
