"""Archive checks as the engine sees them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Menu, Module, Section, View
from guanxi.rooms.customers.actions import CORRECT_ARCHIVE
from guanxi.rooms.customers.models import DataCheck

DATA_CHECK = Module(
    model=DataCheck,
    icon="list-check",
    data_class=DataClass.C2,
    title="subject",
    scope_through="customer",
    sort="-checked_on",
    columns=("checked_on", "customer", "subject", "finding", "correct_value", "method", "owner", "corrected_on"),
    sections=(
        Section(_("Check"), ("customer", "subject", "finding", "correct_value", "method", "checked_on", "remarks")),
        Section(_("Correction"), ("corrected_on", "owner")),
    ),
    read_only=("owner",),
    filters=("finding", "method", "customer", "checked_on", "owner"),
    search=("customer", "correct_value"),
    menu=Menu("archive", 60, create=False),
    actions=(CORRECT_ARCHIVE,),
    views=(
        View(
            "open",
            _("To be corrected"),
            {
                "all": [
                    {"field": "finding", "op": "in", "value": ["wrong"]},
                    {"field": "corrected_on", "op": "empty"},
                ]
            },
        ),
    ),
    without=("copy", "merge", "search"),
)
