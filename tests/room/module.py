"""The second of the two edits."""

from __future__ import annotations

from typing import Any

from django.db import models

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision, refuse, warn
from guanxi.kernel.messages import Message
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.module import Lifecycle, Lines, Menu, Module, Related, SameAs, Section, View
from guanxi.records.registry import register
from tests.room.models import Crumb, Thing, ThingLine


def _weigh(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    if "pieces" in changed and (record.pieces or 0) > 1000:
        return refuse(
            "X-01", Message("%(pieces)s pieces are too many.", pieces=record.pieces), remedy=Message("At most 1000.")
        )
    if "pieces" in changed and (record.pieces or 0) > 100:
        return warn("X-02", Message("%(pieces)s pieces are many.", pieces=record.pieces))
    return Decision.allow()


def _finish(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    record.notes = values["remark"]


FINISH = Action(
    name="finish",
    label="Finish",
    states=("new",),
    to_state="done",
    perform=_finish,
    bulk=True,
    inputs=(asked("remark", "remark", models.CharField(max_length=20), required=True),),
)

register(
    Module(
        model=Thing,
        icon="box",
        data_class=DataClass.C2,
        classes={"address": DataClass.C2},
        personal=("phone", "email"),
        number="T-{year}-{seq:03}",
        columns=("name", "colour", "price", "made_on", "owner", "changed_at"),
        sections=(
            Section(
                "Thing",
                (
                    "name",
                    "code",
                    "notes",
                    "size",
                    "colour",
                    "colours",
                    "pieces",
                    "weight",
                    "price",
                    "discount",
                    "made_on",
                    "seen_at",
                    "fragile",
                    "phone",
                    "email",
                    "address",
                    "part_of",
                    "keeper",
                    "picture",
                    "tags",
                    "owner",
                ),
            ),
            Section("State", ("state",)),
        ),
        filters=("colour", "owner", "made_on"),
        search=("notes", "phone", "code"),
        same_as=(SameAs("name", "name"), SameAs("email", "e-mail", key=str.casefold, strict=True)),
        related=(Related("room.crumb", "thing"),),
        lines=Lines(ThingLine, "thing", ("label", "amount"), "lines", unique=("label",)),
        actions=(FINISH,),
        lifecycle=Lifecycle("state", "new", locked=("done",)),
        rules=(_weigh,),
        menu=Menu("market", 900),
        views=(View("red", "Red ones", {"field": "colour", "op": "in", "value": ["red"]}),),
        aliases={"name": ("物品名称",)},
    ),
    Module(
        model=Crumb,
        icon="point",
        data_class=DataClass.C2,
        scope_through="thing",
        columns=("name", "thing"),
        sections=(Section("Crumb", ("thing", "name", "owner")),),
    ),
)
