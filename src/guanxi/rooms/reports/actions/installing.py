"""Entering the shipped folders, reports and dashboards where there never were any."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from guanxi.platform.access.models import Role
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.platform.rows import Row
from guanxi.records import derived, registry
from guanxi.records.reporting.definition import read
from guanxi.rooms.reports.actions.shipped import DASHBOARDS, FOLDERS, REPORTS
from guanxi.rooms.reports.models import Dashboard, Folder, Report, Sharing, Tile
from guanxi.rooms.reports.queries import DASHBOARD, FOLDER, REPORT


def install_reports(at: datetime.datetime) -> int:
    """Enter what is shipped where there never was a folder of reports; returns how many reports."""
    if Folder.objects.exists():
        return 0
    made = {"created_at": at, "changed_at": at}
    with transaction.atomic():
        folders = {
            name: Folder.objects.create(name=name, description=told, position=place * 10, **made)
            for place, (name, told) in enumerate(FOLDERS, start=1)
        }
        reports = {
            each.name: Report.objects.create(
                name=each.name, description=each.description, folder=folders[each.folder], sharing=Sharing.PUBLIC,
                definition=read(each.definition).as_dict(), **made,
            )
            for each in REPORTS
            if registry.find(each.module) is not None
        }  # fmt: skip
        boards = [_dashboard(place, *each, reports, made) for place, each in enumerate(DASHBOARDS, start=1)]
        for key, rows in ((FOLDER, [*folders.values()]), (REPORT, [*reports.values()]), (DASHBOARD, boards)):
            derived.add(registry.entry(key), rows)
            _tell(key, rows, at)
    return len(reports)


def _dashboard(
    place: int, name: str, role: str, tiles: tuple[tuple[str, str, str], ...], reports: dict[str, Report],
    made: dict[str, datetime.datetime],
) -> Dashboard:  # fmt: skip
    held = Role.objects.filter(code=role, deleted_at=None).first()
    board = Dashboard.objects.create(name=name, role=held, is_public=True, position=place * 10, **made)
    Tile.objects.bulk_create(
        Tile(dashboard=board, report=reports[report], show=show, size=size, place=number * 10, **made)
        for number, (report, show, size) in enumerate(tiles, start=1)
    )
    return board


def _tell(key: str, rows: Sequence[Row], at: datetime.datetime) -> None:
    audit.write(
        [
            AuditEntry(at=at, source=Source.SYSTEM, action="create", module=key, record_id=row.pk,
                       record_label=str(row))
            for row in rows
        ]
    )  # fmt: skip
