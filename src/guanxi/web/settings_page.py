"""One's own settings: language, rows of a page, password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.people.accounts import change_password
from guanxi.platform.people.models import Person
from guanxi.web import flashes, preferences
from guanxi.web.gate import Request
from guanxi.web.languages import NAMES, keep, offered
from guanxi.web.rendering import page


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The settings page."""
    return _draw(request)


def _draw(request: Request, problem: Invalid | None = None) -> HttpResponseBase:
    given = {
        "page_size": preferences.page_size(request.person),
        "page_sizes": preferences.PAGE_SIZES,
        "offered_languages": offered(),
        "errors": problem.errors if problem else {},
    }
    return page(request, "web/settings.html", given, status=422 if problem else 200)


@require_POST
def save(request: Request) -> HttpResponseBase:
    """Keep language and rows of a page."""
    language, size = request.POST.get("language", ""), request.POST.get("page_size", "")
    if language not in NAMES:
        return _draw(request, Invalid({"language": [_("Choose one of the offered languages.")]}))
    if not size.isdigit() or int(size) not in preferences.PAGE_SIZES:
        return _draw(request, Invalid({"page_size": [_("Choose one of the offered sizes.")]}))
    preferences.keep(request.person, page_size=int(size))
    Person.objects.filter(pk=request.person.pk).update(language=language)
    with override(language):
        answer = flashes.redirect("/settings/", Message("Saved."))
    keep(answer, language)
    return answer


@sensitive_post_parameters()
@require_POST
def password(request: Request) -> HttpResponseBase:
    """Another password: ends every other session of this person, keeps this one."""
    person: Any = request.user
    wrong: dict[str, list[str]] = {}
    if not person.check_password(request.POST.get("old", "")):
        wrong["old"] = [_("This is not your present password.")]
    if request.POST.get("password", "") != request.POST.get("again", ""):
        wrong["again"] = [_("The two new passwords differ.")]
    if wrong:
        return _draw(request, Invalid(wrong))
    try:
        change_password(person, request.POST.get("password", ""))
    except Invalid as problem:
        return _draw(request, problem)
    audit.write([_entry(request)])
    update_session_auth_hash(request, person)
    text = Message("Your password is changed. All your other sessions are ended.")
    return flashes.redirect("/settings/", text)


def _entry(request: Request) -> AuditEntry:
    person = request.person
    return AuditEntry(
        at=request.ctx.now, actor=person, actor_name=person.name, source="page", action="change_password",
        module="people.person", record_id=person.pk, record_label=person.name, address=request.ctx.address,
    )  # fmt: skip
