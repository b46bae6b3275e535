"""The page on which a customer signs a document by the link he was given: without an account, and nothing beside it.

Whatever is wrong with a link (it never was, it expired, it was used or revoked, the document is another by now), the
answer is the same. Addresses that try links, and a link that is opened over and over, have to wait.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.errors import Conflict, Invalid, NotFound, Refused, TooMany
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.platform.calendar import local, now
from guanxi.platform.files.serving import served
from guanxi.platform.files.storage import store
from guanxi.platform.people import throttle
from guanxi.platform.people.addresses import client_address
from guanxi.records import disclosing, registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.picklists import label
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.actions import SIGN_BY_LINK
from guanxi.rooms.dossiers.actions.signing import signing_context
from guanxi.rooms.dossiers.models import SigningLink
from guanxi.rooms.dossiers.picklists import PAPER_KIND
from guanxi.rooms.dossiers.queries.signing import open_link
from guanxi.web.gate import public
from guanxi.web.languages import offered
from guanxi.web.login import locked_out

LINK = "dossiers.signinglink"
#: The field in which one signs by hand, and how much is written in it at most.
FIELD = (600, 200)
MOST_STROKES, MOST_POINTS = 80, 6000
NAME_LENGTH, BROWSER_LENGTH = 80, 200

Strokes = list[list[tuple[int, int]]]
LinkView = Callable[[Any, SigningLink, Context, str], HttpResponseBase]


def by_link(view: LinkView) -> Callable[..., HttpResponseBase]:
    """A page for whoever has a link that serves; everybody else is told that it does not."""

    @wraps(view)
    def opened(request: Any, token: str) -> HttpResponseBase:
        address, moment = client_address(request.META), now()
        try:
            with throttle.attempt(throttle.link(address)) as tried:
                link = open_link(token, moment)
                if link is not None:
                    tried.succeeded()
            if link is None:
                return _draw(request, "dossiers/sign_over.html", status=410)
            with throttle.attempt(throttle.link_opened(link.pk)):
                return view(request, link, signing_context(link, moment, address), token)
        except TooMany as problem:
            return locked_out(request, problem)

    return public(opened)


@require_http_methods(["GET", "POST"])
@by_link
def sign(request: Any, link: SigningLink, ctx: Context, token: str) -> HttpResponseBase:
    """What is to be signed (GET), and signing it (POST)."""
    if request.method == "GET":
        _note(ctx, link, Sight.VIEW)
        return _draw_form(request, link, token)
    name = request.POST.get("name", "").strip()[:NAME_LENGTH]
    is_read = bool(request.POST.get("is_read"))
    try:
        strokes = strokes_of(request.POST.get("strokes", ""))
        decision = rules.must_sign_knowingly(is_read, name)
        if not decision.allowed:
            raise Refused(decision)
    except Invalid as problem:
        return _draw_form(request, link, token, problem.errors["strokes"])
    except Refused as problem:
        return _draw_form(request, link, token, [reason.message for reason in problem.decision.blocking])
    browser = request.headers.get("User-Agent", "")[:BROWSER_LENGTH]
    content = signed_page(link, ctx, name, browser, strokes)
    try:
        page = store(content, f"{link.document.title[:80]} {_('signed')}.pdf", link.owner, ctx.now)
        given = {"name": name, "is_read": is_read, "page": page, "browser": browser}
        run(SIGN_BY_LINK, ctx, LINK, link, given)
    except (Conflict, Refused, NotFound):
        # It was used, revoked or taken back a moment ago.
        return _draw(request, "dossiers/sign_over.html", status=410)
    return _draw(request, "dossiers/signed.html", link=link, name=name, at=local(ctx.now))


@require_GET
@by_link
def sign_file(request: Any, link: SigningLink, ctx: Context, token: str) -> HttpResponseBase:
    """The file of the document that is to be signed."""
    if link.document.file is None:
        return _draw(request, "dossiers/sign_over.html", status=410)
    _note(ctx, link, Sight.DOWNLOAD)
    return served(link.document.file, download=bool(request.GET.get("download")))


def strokes_of(sent: str) -> Strokes:
    """What was written by hand, as the page sends it; nothing where nobody wrote. Raises Invalid for anything else."""
    if not sent:
        return []
    wrong = Invalid({"strokes": [Message("The signature by hand could not be read. Write it again.")]})
    try:
        strokes = json.loads(sent)
        found = [[(int(x), int(y)) for x, y in stroke] for stroke in strokes]
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise wrong from None
    points = [point for stroke in found for point in stroke]
    is_within = all(0 <= x <= FIELD[0] and 0 <= y <= FIELD[1] for x, y in points)
    if len(found) > MOST_STROKES or len(points) > MOST_POINTS or not all(found) or not is_within:
        raise wrong
    return found


def signed_page(link: SigningLink, ctx: Context, name: str, browser: str, strokes: Strokes) -> bytes:
    """The page that is kept as evidence, as PDF: what was signed, by whom, when, from where, and with what hand."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Column, Paper
    from guanxi.web.paper_parts import FIELD_WIDTH, Handwriting

    document = link.document
    paper = Paper(_("Signed by the customer"), mark="")
    paper.opening(document.title)
    told = [*facts_of(link), (_("Signed as"), name), (_("Signed at"), f"{local(ctx.now):%Y-%m-%d %H:%M:%S %z}"),
            (_("Network address"), ctx.address), (_("Browser"), browser),
            (_("Fingerprint of what was signed"), link.fingerprint)]  # fmt: skip
    if document.file is not None:
        told += [(_("Fingerprint of the file"), document.file.sha256)]
    paper.table([Column("", 1), Column("", 3)], told)
    paper.heading(_("Signature"))
    if strokes:
        paper.add(Handwriting(strokes, FIELD, FIELD_WIDTH))
    paper.text(_("%(name)s has confirmed having read this document and signs it.") % {"name": name})
    if document.content:
        paper.heading(_("Text of the document"))
        for part in document.content.splitlines():
            paper.text(part)
    return paper.content()


def facts_of(link: SigningLink) -> list[tuple[str, Any]]:
    """What the document says of itself: nothing of the archive it comes from."""
    document = link.document
    facts = [
        (_("Document"), document.title), (_("Kind of paper"), label(PAPER_KIND, document.kind)),
        (_("Customer"), document.customer.name if document.customer else ""),
        (_("Signed or dated on"), document.signed_on), (_("In effect from"), document.effective_on),
        (_("In effect until"), document.expires_on), (_("File"), document.file.name if document.file else ""),
    ]  # fmt: skip
    return [(name, value) for name, value in facts if value]


def _note(ctx: Context, link: SigningLink, kind: Sight) -> None:
    """It is on record that somebody was shown the document through the link."""
    disclosing.taken(ctx, registry.module(LINK), kind, link.document.title, record=str(link.document_id))


def _draw_form(request: Any, link: SigningLink, token: str, errors: Sequence[Any] = ()) -> HttpResponse:
    given = {
        "document": link.document,
        "facts": facts_of(link),
        "until": local(link.expires_at),
        "name": request.POST.get("name", link.signer),
        "is_read": bool(request.POST.get("is_read")),
        "token": token,
        "field": FIELD,
        "errors": [str(error) for error in errors],
    }
    return _draw(request, "dossiers/sign.html", status=422 if errors else 200, **given)


def _draw(request: Any, template: str, *, status: int = 200, **given: Any) -> HttpResponse:
    given |= {"language": get_language(), "languages": offered()}
    answer = render(request, template, given, status=status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
