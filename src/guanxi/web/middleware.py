"""Around every request: who asks, in which language, under which circumstances; and what becomes of a problem."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from guanxi.kernel.errors import Problem
from guanxi.platform import calendar
from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.web import errors, login
from guanxi.web.gate import is_public
from guanxi.web.languages import language_of

#: How old "last seen" may become before a request renews it: the only thing that a GET writes.
SEEN_EVERY = datetime.timedelta(minutes=5)


class PersonMiddleware:
    """Completes the request with `person`, `ctx` and language; sends who is not logged in to the log-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        person = request.user if request.user.is_authenticated else None
        request.person = person
        request.ctx = Context.of(person, source="page", address=_address(request)) if person else None
        language = language_of(request, person)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            if person:
                _mark_seen(person)
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", translation.get_language() or language)
        patch_vary_headers(answer, ["Cookie"])
        if person:
            add_never_cache_headers(answer)
        return answer

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Nobody passes without logging in, unless the page is public."""
        if request.person is not None or is_public(view):
            return None
        return login.first(request)

    def process_exception(self, request: Any, problem: Exception) -> HttpResponseBase | None:
        """A problem is an answer; anything else is a defect and goes to the page for those."""
        return errors.answer(request, problem) if isinstance(problem, Problem) else None


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _mark_seen(person: Person) -> None:
    now = calendar.now()
    if person.last_seen_at is None or now - person.last_seen_at > SEEN_EVERY:
        Person.objects.filter(pk=person.pk).update(last_seen_at=now)
