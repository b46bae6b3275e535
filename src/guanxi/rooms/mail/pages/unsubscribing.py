"""The page on which a person ends advertising by mail: without an account, and telling nothing about anybody.

Programs of mail providers ask with one POST (RFC 8058), which cannot carry a form's token: the link is the proof.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import TooMany
from guanxi.platform.calendar import now
from guanxi.platform.people import throttle
from guanxi.platform.people.addresses import client_address
from guanxi.platform.people.models import Person
from guanxi.records.context import system_context
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Channel, Contact, Statement, may_contact
from guanxi.rooms.mail.queries import contact_of
from guanxi.web.gate import public
from guanxi.web.languages import offered
from guanxi.web.login import locked_out


@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request: Any, token: str) -> HttpResponseBase:
    """Ask (GET) and write down (POST) that the person does not want such mails any more; once is enough."""
    address = client_address(request.META)
    try:
        with throttle.attempt(throttle.link(address)) as tried:
            found = contact_of(token)
            if found is not None:
                tried.succeeded()
    except TooMany as problem:
        return locked_out(request, problem)
    if found is None:
        return _draw(request, "over", status=410)
    if request.method == "GET":
        return _draw(request, "ask", token=token)
    _withdraw(*found, address)
    return _draw(request, "done")


unsubscribe = public(unsubscribe)


def _withdraw(contact: Contact, purpose: str, address: str) -> None:
    at = now()
    if not may_contact(contact, Channel.EMAIL, purpose, at).allowed:
        return
    actor = _in_whose_name(contact)
    ctx = system_context(actor, now=at)
    create(
        ctx, "customers.consent", confirmed=True, contact=contact, statement=Statement.WITHDRAWN,
        channel=Channel.EMAIL, purpose=purpose, stated_at=at, source="message",
        remarks=f"List-Unsubscribe · {address}"[:300],
    )  # fmt: skip


def _in_whose_name(contact: Contact) -> Person:
    """Who looks after the customer; the audit tells that the program wrote it down."""
    return contact.customer.owner or contact.owner or Person.objects.filter(is_active=True).earliest("created_at")


def _draw(request: Any, step: str, status: int = 200, **context: Any) -> HttpResponseBase:
    context |= {"step": step, "language": get_language(), "languages": offered()}
    answer = render(request, "mail/unsubscribe.html", context, status=status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
