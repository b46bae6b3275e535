"""The verbs of a frequent question: made of a ticket, reviewed, published, taken out of use, noted on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import create
from guanxi.rooms.service.models import FaqNote, FaqState, NoteKind
from guanxi.rooms.service.queries import FAQ, notes_of
from guanxi.rooms.service.rules import must_tell

# ---- Of a ticket -----------------------------------------------------------------------------------------------------


def _is_solved(ctx: Context, ticket: Any, values: Mapping[str, Any]) -> Decision:
    return must_tell(ticket.solution)


def _make(ctx: Context, ticket: Any, values: dict[str, Any]) -> None:
    """A draft: the subject becomes the question; what was done, what had happened and the notes the answer."""
    if ticket.faq is not None and ticket.faq.deleted_at is None:
        raise Conflict(Message("A frequent question was made of this ticket already."))
    noted = [note.content for note in notes_of(ticket) if note.kind == NoteKind.NOTE]
    answer = "\n\n".join(text.strip() for text in (ticket.solution, ticket.description, *noted) if text.strip())
    ticket.faq = create(ctx, FAQ, confirmed=True, question=ticket.name, answer=answer, product=ticket.product)


MAKE_FAQ = Action(
    name="make_faq", label=_("Make a frequent question of it"), icon="help", rare=True,
    confirm=_("Make a draft of question and answer? Take out what names the customer before it is published."),
    rules=(_is_solved,), perform=_make, undoable=False,
)  # fmt: skip


# ---- On its way ------------------------------------------------------------------------------------------------------


def _review(ctx: Context, faq: Any, values: dict[str, Any]) -> None:
    faq.reviewed_by, faq.reviewed_at = ctx.actor, ctx.now


REVIEW_FAQ = Action(
    name="review_faq", label=_("Answer is right"), icon="checks", tone="ink", bulk=True,
    states=(FaqState.DRAFT,), to_state=FaqState.REVIEWED, perform=_review, undoable=False,
)  # fmt: skip


def _publish(ctx: Context, faq: Any, values: dict[str, Any]) -> None:
    faq.published_by, faq.published_at = ctx.actor, ctx.now


PUBLISH_FAQ = Action(
    name="publish_faq", label=_("Publish to everybody"), icon="world", tone="ink", bulk=True,
    states=(FaqState.REVIEWED,), to_state=FaqState.PUBLISHED, perform=_publish, undoable=False,
)  # fmt: skip

RETIRE_FAQ = Action(
    name="retire_faq", label=_("Out of date"), icon="archive", asks_reason=True, rare=True,
    states=(FaqState.REVIEWED, FaqState.PUBLISHED), to_state=FaqState.OBSOLETE, undoable=False,
    perform=lambda ctx, faq, values: None,
)  # fmt: skip


def _revise(ctx: Context, faq: Any, values: dict[str, Any]) -> None:
    faq.reviewed_by, faq.reviewed_at, faq.published_by, faq.published_at = None, None, None, None


REVISE_FAQ = Action(
    name="revise_faq", label=_("Write it anew"), icon="arrow-back-up",
    states=(FaqState.REVIEWED, FaqState.OBSOLETE), to_state=FaqState.DRAFT, perform=_revise, undoable=False,
)  # fmt: skip


def _add_note(ctx: Context, faq: Any, values: dict[str, Any]) -> None:
    made = {"created_at": ctx.now, "created_by": ctx.actor, "changed_at": ctx.now, "changed_by": ctx.actor}
    FaqNote.objects.create(faq=faq, content=values["content"].strip(), **made)


NOTE_FAQ = Action(
    name="add_note", label=_("Add a note"), icon="message-plus",
    inputs=(asked("content", _("note"), models.TextField(), required=True),), perform=_add_note, undoable=False,
)  # fmt: skip
