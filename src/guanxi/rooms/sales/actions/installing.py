"""The pipeline that an installation starts with; afterwards it is the company's to change."""

from __future__ import annotations

import datetime

from django.db import transaction

from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.records import derived, registry
from guanxi.rooms.sales.models import Outcome, Pipeline, Stage
from guanxi.rooms.sales.queries import PIPELINE, STAGE

NAME = "标准销售流程"
#: Stage, usual probability in per cent, meaning.
STAGES: tuple[tuple[str, int, Outcome], ...] = (
    ("初步接触", 10, Outcome.OPEN),
    ("需求确认", 25, Outcome.OPEN),
    ("方案报价", 50, Outcome.OPEN),
    ("商务谈判", 75, Outcome.OPEN),
    ("赢单", 100, Outcome.WON),
    ("输单", 0, Outcome.LOST),
)


def install_pipeline(at: datetime.datetime) -> int:
    """Enter the shipped pipeline where there never was any; returns how many stages."""
    if Pipeline.objects.exists():
        return 0
    made = {"created_at": at, "changed_at": at}
    with transaction.atomic():
        pipeline = Pipeline.objects.create(name=NAME, **made)
        stages = [
            Stage.objects.create(
                pipeline=pipeline, name=name, probability=probability, outcome=outcome, position=place * 10, **made
            )
            for place, (name, probability, outcome) in enumerate(STAGES, start=1)
        ]
        derived.add(registry.entry(PIPELINE), [pipeline])
        derived.add(registry.entry(STAGE), stages)
        entered = [(PIPELINE, pipeline), *((STAGE, stage) for stage in stages)]
        audit.write(
            [
                AuditEntry(at=at, source=Source.SYSTEM, action="create", module=module, record_id=row.pk,
                           record_label=str(row))
                for module, row in entered
            ]
        )  # fmt: skip
    return len(stages)
