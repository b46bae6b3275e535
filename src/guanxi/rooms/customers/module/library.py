"""The reference library as the engine sees it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Menu, Module, Section, View
from guanxi.rooms.customers.models import LibraryEntry
from guanxi.rooms.customers.module.periods import ends_after, touching


def _in_force(ctx: Context) -> dict[str, Any]:
    law = {"field": "kind", "op": "in", "value": ["law"]}
    return {"all": [law, touching("dated_on", "expires_on", ctx.today, ctx.today)]}


LIBRARY = Module(
    model=LibraryEntry,
    icon="books",
    data_class=DataClass.C1,
    profile="library",
    number="ZL-{year}-{seq:04}",
    sort="-dated_on",
    columns=("name", "kind", "topic", "dated_on", "expires_on", "source", "document_number"),
    sections=(
        Section(
            _("Library entry"),
            ("name", "kind", "topic", "dated_on", "expires_on", "source", "document_number"),
        ),
        Section(_("Text and lesson"), ("content", "lesson", "file", "owner")),
    ),
    filters=("kind", "topic", "dated_on", "source"),
    search=("source", "document_number", "content", "lesson"),
    prepare=ends_after("dated_on", "expires_on"),
    menu=Menu("archive", 65),
    views=(
        View("cases", _("Failure cases"), {"field": "kind", "op": "in", "value": ["case"]}),
        View("laws", _("Laws and regulations"), {"field": "kind", "op": "in", "value": ["law"]}),
        View("in_force", _("Laws in force"), _in_force),
    ),
    aliases={
        "name": ("标题", "名称", "案例名称", "法规名称"),
        "dated_on": ("日期", "发布日期", "施行日期"),
        "source": ("来源", "发布机关"),
        "document_number": ("文号",),
    },
    without=("merge",),
)
