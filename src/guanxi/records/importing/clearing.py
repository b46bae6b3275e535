"""Imports that are long over keep what became of each row, and no longer what it said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare
from guanxi.platform.calendar.clock import local
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import discard
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.policy.values import value_of
from guanxi.records.models import ImportRow, ImportRun

KEPT_DAYS: Final = declare(
    Parameter(
        "records.imports_kept_days",
        "days",
        30,
        label=_("Days after which the file of an import and its rows are cleared"),
        minimum=1,
    )
)
_UNDER_WAY = (ImportRun.State.CHECKING, ImportRun.State.APPLYING, ImportRun.State.UNDOING)


@scheduled("records.clear_imports", daily_at="03:30")
def clear_imports(at: datetime) -> int:
    """Give up the file of every older import and empty its rows; how many imports that were.

    Which record came from which row stays, so that an import can be undone as long as it is known.
    """
    before = at - timedelta(days=value_of(KEPT_DAYS, local(at).date()))
    old = ImportRun.objects.filter(changed_at__lt=before, file__deleted_at=None).exclude(state__in=_UNDER_WAY)
    keys = list(old.values_list("pk", "file_id"))
    for run, file in keys:
        with transaction.atomic():
            ImportRow.objects.filter(run=run).update(values=[], keys=[])
            discard(StoredFile.objects.filter(pk=file), at)
    return len(keys) + _discard_refused(before, at)


def _discard_refused(before: datetime, at: datetime) -> int:
    """Files that came for an import and could not be read at all."""
    held = ImportRun.objects.values("file_id")
    unread = StoredFile.objects.filter(kind=StoredFile.Kind.IMPORT, created_at__lt=before).exclude(pk__in=held)
    return discard(unread, at)
