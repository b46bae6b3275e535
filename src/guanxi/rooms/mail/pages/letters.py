"""What the page of a mail shows beside its fields, and the ways to writing one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotFound
from guanxi.platform.files.serving import SANDBOX
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.mail.actions.writing import LETTER
from guanxi.rooms.mail.models import Letter, LetterState
from guanxi.web import addresses, looks
from guanxi.web.gate import Request
from guanxi.web.panels import panel

MAILBOX = "mail.mailbox"


@panel(LETTER)
def of_letter(ctx: Context, letter: Letter) -> dict[str, Any]:
    """The files of a mail, the conversation around it, and the answer to it."""
    enclosed = list(letter.enclosures.select_related("file").order_by("created_at", "pk"))
    around = _around(ctx, letter)
    told: dict[str, Any] = {"asides": [], "buttons": []}
    if enclosed:
        told["asides"].append({"template": "mail/parts/enclosures.html", "enclosed": enclosed})
    if around:
        told["asides"].append({"template": "mail/parts/conversation.html", "around": around})
    if letter.page:
        told["buttons"].append(
            {"label": _("Formatted text"), "href": reverse("mail:formatted", args=[letter.pk]), "icon": "eye"}
        )
    if letter.state in (LetterState.SENT, LetterState.RECEIVED) and ctx.may(LETTER, "create"):
        href = addresses.of_module(LETTER, "new") + f"?answers={letter.pk}"
        told["buttons"].append({"label": _("Answer"), "href": href, "icon": "arrow-back-up"})
    return told


def _around(ctx: Context, letter: Letter) -> list[Letter]:
    """The mail that this one answers, and those that answer it, as far as the person may see them."""
    keys = [*letter.answered_by.values_list("pk", flat=True)[:20], *([letter.answers_id] if letter.answers_id else [])]
    return list(ctx.search(LETTER).filter(pk__in=keys).defer("page", "body").order_by("happened_at")) if keys else []


@require_GET
def formatted(request: Request, pk: Any) -> HttpResponseBase:
    """The text of a received mail as its sender laid it out: cleaned, and in a sandbox that neither runs nor loads."""
    letter = request.ctx.get(LETTER, pk)
    if not letter.page:
        raise NotFound
    disclosing.looked_at(request.ctx, registry.module(LETTER), letter, part="formatted")
    answer = HttpResponse(f'<!doctype html><meta charset="utf-8"><title>{_("Formatted text")}</title>{letter.page}')
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _write_to(name: str, may_see: str) -> Any:
    def told(ctx: Context, record: Any) -> dict[str, Any]:
        if not ctx.may(LETTER, "create") or record.deleted_at is not None:
            return {}
        href = f"{addresses.of_module(LETTER, 'new')}?addressee={name}&{name}={record.pk}"
        return {"buttons": [{"label": _("Write mail"), "href": href, "icon": "mail"}]}

    return panel(may_see)(told)


write_to_contact = _write_to("contact", "customers.contact")
write_to_customer = _write_to("customer", "customers.customer")

looks.declare(
    LETTER, "state", tones={"draft": "", "queued": "blue", "sent": "green", "failed": "red", "received": "amber"}
)
looks.declare(MAILBOX, "state", tones={"active": "green", "off": ""})
