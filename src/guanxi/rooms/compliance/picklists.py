"""The kinds of duty that the rooms have declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import declared
from guanxi.records import registry
from guanxi.records.picklists import declare

KINDS: Final = declare(
    "compliance.duties", _("kinds of duty"), lambda: ((duty.name, duty.label) for duty in declared())
)

#: What a self-inspection asks of each file (ARC-37: timely, accurate, complete).
CRITERIA: Final = declare(
    "compliance.criteria",
    _("criteria of self-inspections"),
    [
        ("complete", _("The file is complete")),
        ("accurate", _("What it says is right")),
        ("timely", _("It is up to date")),
        ("signed", _("It is signed as it must be")),
        ("ordered", _("It is numbered and in its place")),
    ],
)
#: How a file stands to a criterion.
MET, NOT_MET, NOT_ASKED = "met", "not_met", "not_asked"
RESULT: Final = declare(
    "compliance.result",
    _("results of self-inspections"),
    [(MET, _("met")), (NOT_MET, _("not met")), (NOT_ASKED, _("does not apply"))],
)
#: The record types that make up the archive; one that this installation does not have is not offered.
ARCHIVES: Final = ("customers.customer", "dossiers.document", "dossiers.original")


def _archives() -> Iterator[tuple[str, Any]]:
    for key in ARCHIVES:
        module = registry.find(key)
        if module is not None:
            yield key, module.label_plural


POPULATIONS: Final = declare("compliance.archives", _("what samples are drawn from"), _archives)
