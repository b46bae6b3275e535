"""Frequent questions as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.service import actions
from guanxi.rooms.service.models import Faq, FaqState
from guanxi.rooms.service.queries import FAQ as KEY
from guanxi.rooms.service.rules import may_change_answer

_TEXT = frozenset({"question", "answer"})


def _checked_answer_stays(ctx: Context, faq: Any, changed: frozenset[str]) -> Decision:
    is_checked = faq.state in (FaqState.REVIEWED, FaqState.PUBLISHED) and bool(_TEXT & changed)
    return may_change_answer(is_checked, ctx.may(KEY, actions.PUBLISH_FAQ.name))


def _in(state: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": [state]}


FAQ = Module(
    model=Faq,
    icon="help",
    data_class=DataClass.C1,
    title="question",
    profile="faq",
    number="FAQ-{seq:05}",
    shared={"state": FaqState.PUBLISHED},
    columns=("question", "category", "product", "state", "published_at", "owner", "changed_at"),
    sections=(
        Section(_("Question and answer"), ("question", "answer", "category", "product", "owner")),
        Section(
            _("Review and publication"),
            ("state", "reviewed_by", "reviewed_at", "published_by", "published_at"),
        ),
    ),
    filters=("state", "category", "product", "owner", "published_at"),
    search=("answer", "product"),
    lifecycle=Lifecycle("state", FaqState.DRAFT, locked=("obsolete",)),
    related=(Related("service.ticket", "faq", _("Tickets it was made of")),),
    actions=(
        actions.REVIEW_FAQ, actions.PUBLISH_FAQ, actions.REVISE_FAQ, actions.RETIRE_FAQ, actions.NOTE_FAQ,
    ),
    rules=(_checked_answer_stays,),
    menu=Menu("service", 20),
    views=(
        View("published", _("Published answers"), _in("published")),
        View("drafts", _("Answers being written"), _in("draft")),
        View("reviewed", _("Answers to be published"), _in("reviewed")),
    ),
    aliases={
        "question": ("问题", "问", "标题"),
        "answer": ("回答", "答案", "答复"),
        "category": ("类别", "分类"),
        "product": ("产品", "产品名称"),
    },
    without=("merge",),
)  # fmt: skip
