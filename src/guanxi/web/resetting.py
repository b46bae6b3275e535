"""A new password for somebody who forgot his: asking for the mail, and the page that its link opens."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, TooMany
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import now
from guanxi.platform.jobs.outbox import post
from guanxi.platform.notices import passwords
from guanxi.platform.notices.notify import notify
from guanxi.platform.people import throttle
from guanxi.platform.people.accounts import change_password
from guanxi.platform.people.addresses import client_address
from guanxi.web import door_book, flashes
from guanxi.web.gate import public
from guanxi.web.login import locked_out


@public
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: Any) -> HttpResponseBase:
    """Ask for the mail. The answer is the same whether anybody has that name or not; who does is found out later."""
    name = request.POST.get("name", "").strip()[:200]
    if request.method == "GET" or not name:
        return _draw(request, "web/forgotten.html", sent=False)
    try:
        with throttle.attempt(throttle.mail(name.casefold(), client_address(request.META))):
            post(passwords.KIND, {"name": name}, now())
    except TooMany as problem:
        return locked_out(request, problem)
    door_book.write(request, "ask_new_password")
    return _draw(request, "web/forgotten.html", sent=True)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def renew(request: Any, pk: Any, token: str) -> HttpResponseBase:
    """The page of the link. The new password ends every session and replaces no second factor."""
    person = passwords.person_for(pk, token)
    if person is None:
        return _draw(request, "web/forgotten.html", status=410, sent=False, is_over=True)
    if request.method == "GET":
        return _draw(request, "web/new_password.html", person=person, errors={}, action=request.path)
    password = request.POST.get("password", "")
    try:
        if password != request.POST.get("again", ""):
            raise Invalid({"again": [_("The two new passwords differ.")]})
        change_password(person, password)
    except Invalid as problem:
        given = {"person": person, "errors": problem.errors, "action": request.path}
        return _draw(request, "web/new_password.html", status=422, **given)
    door_book.write(request, "change_password", person, changes={"by": [None, "mail"]})
    notify([person], Message("Your password was changed."),
           Message("If it was not you, tell the security administrator at once."), kind="security", email=True,
           at=now())  # fmt: skip
    return flashes.redirect("/login/", Message("Your password is changed. All your other sessions are ended."))


def _draw(request: Any, template: str, *, status: int = 200, **given: Any) -> HttpResponse:
    return render(request, template, {"language": get_language(), **given}, status=status)
