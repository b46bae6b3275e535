"""In which language a page speaks: the person's own, before logging in the one chosen in this browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.views.decorators.http import require_POST

from guanxi.platform.people.models import Person
from guanxi.web.gate import public
from guanxi.web.targets import local_target

NAMES = {"zh-hans": "中文", "en": "English"}
COOKIE_SECONDS = 365 * 24 * 3600


def offered() -> list[dict[str, str]]:
    """The languages to choose from, each named in itself."""
    return [{"code": code, "name": NAMES[code]} for code, _name in settings.LANGUAGES]


def language_of(request: HttpRequest, person: Person | None) -> str:
    """The language of the answer."""
    chosen = person.language if person else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in NAMES else settings.LANGUAGE_CODE


def keep(answer: HttpResponseBase, language: str) -> None:
    """Remember the language in this browser, for the time before logging in."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True,
        secure=settings.HTTPS,
    )  # fmt: skip


@public
@require_POST
def switch(request: Any) -> HttpResponseBase:
    """Another language, for this person and this browser."""
    language = request.POST.get("language", "")
    answer = HttpResponseRedirect(local_target(request, request.POST.get("next", "")))
    if language in NAMES:
        if request.person is not None:
            Person.objects.filter(pk=request.person.pk).update(language=language)
        translation.activate(language)
        keep(answer, language)
    return answer
