"""What is asked about reports, folders and dashboards, within the reader's reach."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from guanxi.platform.access.models import PersonRole
from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.rooms.reports.models import Dashboard, Folder, Report

REPORT, FOLDER, DASHBOARD, SCHEDULE = (
    "reports.report", "reports.folder", "reports.dashboard", "reports.schedule",
)  # fmt: skip


def in_folder(folder: Folder) -> int:
    """How many reports lie in a folder, whoever may see them, those in the bin included: they may come back."""
    return folder.reports.count()


def shelves(ctx: Context, words: str = "") -> list[tuple[Folder, list[Report]]]:
    """Each folder with the reports in it that the person may see, in order; folders that are empty for him too."""
    rows = ctx.search(REPORT).select_related("owner").order_by("name", "pk")
    if words:
        rows = rows.filter(name__icontains=words)
    by_folder: dict[uuid.UUID, list[Report]] = {}
    for report in rows:
        by_folder.setdefault(report.folder_id, []).append(report)
    folders = ctx.search(FOLDER).order_by("position", "pk")
    return [(folder, by_folder.get(folder.pk, [])) for folder in folders]


def roles_of(person: Person) -> set[uuid.UUID]:
    """The ids of the roles that a person holds."""
    return set(PersonRole.objects.filter(person=person, deleted_at=None).values_list("role", flat=True))


def holders(roles: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """The ids of the people who hold one of these roles."""
    held = PersonRole.objects.filter(role__in=list(roles), deleted_at=None, person__is_active=True)
    return set(held.values_list("person", flat=True))


def dashboards(ctx: Context) -> list[Dashboard]:
    """The dashboards that the person may see: one made for a role of his first, then in their order."""
    mine = roles_of(ctx.actor)
    found = list(ctx.search(DASHBOARD).select_related("role").order_by("position", "pk"))
    return sorted(found, key=lambda each: each.role_id not in mine)
