"""The Jinja2 environment of all pages: escaping on, Django's translations, and the few names every template knows."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment
from markupsafe import Markup

from guanxi.kernel.money import format_money
from guanxi.platform import calendar
from guanxi.records.filters import OPERATOR_LABELS, PERIOD_LABELS
from guanxi.web import addresses, drawing
from guanxi.web.looks import tone_of
from guanxi.web.static_files import static


def environment(**options: Any) -> Environment:
    """The environment, made once at start-up; the options come from the settings' TEMPLATES."""
    env = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - autoescape is among the options
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        gettext=_text,
        _=_text,
        url=_url,
        static=static,
        draw=drawing,
        current_language=get_language,
        record_url=addresses.record,
        list_url=addresses.listing,
        clause_url=addresses.clause,
        tone_of=tone_of,
        operator_labels=OPERATOR_LABELS,
        period_labels=PERIOD_LABELS,
    )
    env.filters.update(money=format_money, cap=_cap, moment=short_moment, full_moment=full_moment, thousands=thousands)
    return env


def _text(message: Any, **values: Any) -> Markup:
    """A text of a page with its values, as Jinja's own would give it: a page has some two hundred, most without any."""
    found = _translated(get_language(), str(message))
    return found % values if "%" in found else found


@lru_cache(maxsize=10_000)
def _translated(language: str | None, message: str) -> Markup:
    """A text in the language that is spoken now, which is part of the key only."""
    return Markup(gettext(message))  # noqa: S704 - our own texts; values are escaped as they are put in


def form_token(request: HttpRequest) -> dict[str, Any]:
    """The token of the forms of a page, masked once: Django's own would be masked anew for each form."""
    token = SimpleLazyObject(lambda: get_token(request))
    field = SimpleLazyObject(lambda: format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token))
    return {"csrf_token": token, "csrf_input": field}


def _url(name: str, **parameters: Any) -> str:
    return reverse(name, kwargs=parameters or None)


def _cap(text: Any) -> str:
    """A label as a heading: with a capital letter where the language has them."""
    return capfirst(str(text))


def thousands(number: int) -> str:
    """A count with separators: 2,386."""
    return f"{number:,}"


def full_moment(value: datetime.datetime | None) -> str:
    """Date and time on a Chinese clock, to the minute."""
    return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def short_moment(value: datetime.datetime | datetime.date | None) -> str:
    """As short as it stays clear: the time of day today, the day this year, the date before."""
    if value is None:
        return ""
    today = calendar.today()
    moment = timezone.localtime(value) if isinstance(value, datetime.datetime) else None
    day = moment.date() if moment else value
    if day == today:
        return f"{moment:%H:%M}" if moment else gettext("today")
    if day == today - datetime.timedelta(days=1):
        return gettext("yesterday")
    return day.isoformat()[5:] if day.year == today.year else day.isoformat()
