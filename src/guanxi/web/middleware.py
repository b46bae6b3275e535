"""Around every request: who asks, in which language, under which circumstances; and what becomes of a problem."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_vary_headers

from guanxi.kernel.errors import Problem, Unconfirmed
from guanxi.platform import calendar
from guanxi.platform.people.addresses import client_address
from guanxi.platform.people.models import Person
from guanxi.platform.people.sessions import CONFIRMED, moment_in
from guanxi.records import customising
from guanxi.records.context import Context
from guanxi.web import confirming, duties, errors, login
from guanxi.web.gate import is_public
from guanxi.web.languages import language_of

#: How old "last seen" may become before a request renews it: the only thing that a GET writes.
SEEN_EVERY = datetime.timedelta(minutes=5)


class PersonMiddleware:
    """Completes the request with `person`, `ctx` and language; sends who is not logged in to the log-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        customising.renew()
        person = _present(request)
        request.person = person
        request.ctx = _context(request, person) if person else None
        language = language_of(request, person)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            if person:
                _mark_seen(person)
            answer = self.get_response(request)
            if isinstance(answer, HttpResponseNotAllowed) and not answer.content:
                errors.explain(request, answer)
            answer.headers.setdefault("Content-Language", translation.get_language() or language)
        patch_vary_headers(answer, ["Cookie"])
        return answer

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Nobody passes without logging in, unless the page is public; a question who it is, is judged on the way."""
        if request.person is not None:
            return duties.stop(request, view) or confirming.take(request)
        return None if is_public(view) else login.first(request)

    def process_exception(self, request: Any, problem: Exception) -> HttpResponseBase | None:
        """A problem is an answer; anything else is a defect and goes to the page for those."""
        if isinstance(problem, Unconfirmed):
            return confirming.ask(request)
        return errors.answer(request, problem) if isinstance(problem, Problem) else None


def _present(request: Any) -> Person | None:
    """Who is signed in: nobody any more when the session has been idle too long, or is older than any may become."""
    if not request.user.is_authenticated:
        return None
    if not request.session.renew(duties.idle, duties.longest):
        logout(request)
        return None
    person: Person = request.user
    return person


def _context(request: Any, person: Person) -> Context:
    return Context.of(
        person,
        source="page",
        address=client_address(request.META),
        confirmed_at=moment_in(request.session, CONFIRMED),
    )


def _mark_seen(person: Person) -> None:
    now = calendar.now()
    if person.last_seen_at is None or now - person.last_seen_at > SEEN_EVERY:
        Person.objects.filter(pk=person.pk).update(last_seen_at=now)
