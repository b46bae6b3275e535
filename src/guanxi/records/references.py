"""Rows that name a record by its type and id, where no foreign key can: grants, notices, attached files.

They go when the record goes for good, or stay without what they told of it (`emptied_with_record` of their model): that
somebody approved something is kept. The audit trail names it for ever, and an import keeps the row it read.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import models

#: The trail tells of what is gone, that is its purpose; derived rows are removed by `records.derived`.
_OTHERWISE_KEPT = frozenset({"audit", "records"})


def referring() -> list[type[Any]]:
    """The tables of the platform whose rows name a record by `module` and `record_id`."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in _OTHERWISE_KEPT
        and {"module", "record_id"} <= {column.name for column in model._meta.concrete_fields}
    ]


def forget(module: str, ids: Sequence[uuid.UUID]) -> None:
    """Delete or empty what names these records, which are being deleted for good, in the caller's transaction.

    A file's bytes follow by the nightly clearing.
    """
    for model in referring():
        rows: models.QuerySet[Any] = model._default_manager.filter(module=module, record_id__in=ids)
        if emptied := vars(model).get("emptied_with_record"):
            rows.update(**emptied)
        else:
            rows.delete()
