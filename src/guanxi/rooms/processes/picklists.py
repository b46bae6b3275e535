"""The processes that an approval rule may name: those in use that can both approve and refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.workflow import versions
from guanxi.platform.workflow.models import ProcessVersion
from guanxi.records.approvals.asking import PURPOSE
from guanxi.records.picklists import declare


def _approvals() -> Iterator[tuple[str, Any]]:
    for version in ProcessVersion.objects.filter(state=ProcessVersion.State.PUBLISHED).order_by("title"):
        if versions.serves(versions.diagram_of(version), PURPOSE):
            yield version.key, version.name


APPROVALS: Final = declare("workflow.approvals", _("approval processes"), _approvals)
