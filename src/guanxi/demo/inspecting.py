"""The self-inspections of the archive: last quarter's is finished, this quarter's sample is being judged."""

from __future__ import annotations

import datetime

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import create
from guanxi.rooms.compliance.public import DRAW, FINISH, RECORD_RESULTS

INSPECTION = "compliance.inspection"
_REMARKS = {"complete": "缺营业执照复印件", "accurate": "电话已停用", "timely": "超过两个月未更新"}


def inspect(year: WorkingYear) -> None:
    """Both are drawn and filled in by the archivist, as any would be."""
    for days, title, share, is_over in ((80, "三季度客户档案自查", 100, True), (3, "四季度客户档案自查", 60, False)):
        day = year.on_or_after(year.today - datetime.timedelta(days=days))
        ctx = Context.of(Person.objects.get(username="archivist"), now=year.moment(day, 60), source=SOURCE)
        row = create(ctx, INSPECTION, name=title, held_on=day, size=8, criteria=["complete", "accurate", "timely"])
        row = run(DRAW, ctx, INSPECTION, row)
        points = list(row.points.order_by("place", "pk"))
        told = {
            str(point.pk): {"result": "met", "remark": ""}
            if (place * 7 + days) % 9
            else {"result": "not_met", "remark": _REMARKS[point.criterion]}
            for place, point in enumerate(points[: len(points) * share // 100])
        }
        row = run(RECORD_RESULTS, ctx, INSPECTION, row, {"points": told})
        if is_over:
            conclusion = "抽查八份，缺件与过期电话已通知负责人，两周内补正。"
            run(FINISH, ctx, INSPECTION, row, {"conclusion": conclusion})
