"""Reports that are made while nobody waits: large ones for who asked, and files that come by a schedule."""

from __future__ import annotations

import datetime
import hashlib
import io
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.errors import NotAllowed, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.progress import Progress
from guanxi.platform.jobs.registry import job
from guanxi.platform.jobs.starting import start
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.records import export_limits, exporting
from guanxi.records.context import Context
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import Definition, read
from guanxi.records.reporting.result import Result
from guanxi.records.reporting.tables import Tables
from guanxi.rooms.reports.actions.files import written
from guanxi.rooms.reports.models import Report, Schedule
from guanxi.rooms.reports.queries import REPORT, SCHEDULE
from guanxi.rooms.reports.rules import next_day

RUN, FILE = "reports.run", "reports.file"
#: So many rows go into a file at most.
MOST_IN_FILE = 50_000


def require_export(ctx: Context, definition: Definition) -> None:
    """Raise NotAllowed unless the person may take out whatever the report shows him, of every module it is about."""
    for table in Tables(ctx, definition).tables.values():
        if table.module is None:
            continue
        exporting.require_right(ctx, table.module)
        if ctx.scope(table.module, "export") < ctx.scope(table.module, "view"):
            raise NotAllowed(Message("You may not export %(module)s.", module=table.module.label_plural))


# ---- Large reports ---------------------------------------------------------------------------------------------------


def start_run(ctx: Context, report: Report | None, title: str, definition: Definition) -> Job:
    """Have a large report worked out; the job's result is what `records.reporting.result` keeps."""
    payload = {
        "definition": definition.as_dict(), "report": str(report.pk) if report else "", "handed_on": ctx.handed_on(),
    }  # fmt: skip
    return start(RUN, ctx.actor, payload, Message("Report: %(name)s", name=title), ctx.now)


@job(RUN, title=gettext_lazy("Report"))
def run_report(
    progress: Progress, definition: dict[str, Any], report: str, handed_on: dict[str, Any]
) -> dict[str, Any]:
    """Work it out with the rights that the person has when it runs."""
    asked = progress.job
    assert asked.actor_id is not None
    person = Person.objects.get(pk=asked.actor_id)
    ctx = Context.taken_up(person, handed_on, source="job", batch=asked.pk)
    progress.step(0, 2)
    with translation.override(person.language):
        result = running.run(ctx, read(definition))
    progress.step(2, 2)
    return {"report": report, "definition": definition, "result": result.as_dict(), "at": ctx.now.isoformat()}


# ---- Files by a schedule ---------------------------------------------------------------------------------------------


def start_due(at: datetime.datetime) -> int:
    """Start a job for each recipient of each schedule whose day has come; returns how many jobs."""
    today, started = local(at).date(), 0
    due = Schedule.objects.filter(is_active=True, deleted_at=None, next_on__lte=today, report__deleted_at=None)
    for schedule in due.select_related("report"):
        with transaction.atomic():
            # Whoever counts it on first makes it: a second worker finds the day gone.
            rows = Schedule.objects.filter(pk=schedule.pk, next_on=schedule.next_on)
            if not rows.update(next_on=next_day(schedule.rhythm, today)):
                continue
            recipients = schedule.recipients.filter(deleted_at=None, person__is_active=True)
            for recipient in recipients.select_related("person"):
                payload = {"schedule": str(schedule.pk), "day": today.isoformat()}
                start(FILE, recipient.person, payload, Message("Report: %(name)s", name=schedule.report.name), at)
                started += 1
    return started


@job(FILE, title=gettext_lazy("Scheduled report"))
def make_file(progress: Progress, schedule: str, day: str) -> dict[str, Any]:
    """The file of a scheduled report with the recipient's rights, and the notice that tells him of it."""
    asked = progress.job
    assert asked.actor_id is not None
    person = Person.objects.get(pk=asked.actor_id)
    planned = Schedule.objects.select_related("report").get(pk=schedule)
    ctx = Context.of(person, source="job", batch=asked.pk, reason=str(planned))
    with translation.override(person.language):
        try:
            return _made(ctx, planned)
        except Problem as problem:
            told = Message("The scheduled report “%(name)s” could not be made.", name=planned.report.name)
            notify([person], told, str(problem), module=SCHEDULE, record_id=planned.pk, kind="report", at=ctx.now)
            raise


def _made(ctx: Context, planned: Schedule) -> dict[str, Any]:
    # Only who may see the report gets it: what is shared no more comes no more.
    report = ctx.get(REPORT, planned.report_id)
    definition = read(report.definition)
    require_export(ctx, definition)
    result = running.run(ctx, definition, most=MOST_IN_FILE)
    module = Tables(ctx, definition).module
    export_limits.require_alone(ctx, module, len(result.lines))
    content = written(ctx, planned.form, report.name, said(result), result)
    name = f"{report.name} {local(ctx.now):%Y-%m-%d %H%M}.{planned.form}"
    kept = store(io.BytesIO(content), name, ctx.actor, ctx.now, StoredFile.Kind.EXPORT, module=REPORT, with_row=False)
    with transaction.atomic():
        kept.save(force_insert=True)
        exporting.note_taken(
            ctx, module, name, rows=len(result.lines), sha256=hashlib.sha256(content).hexdigest(), file=name
        )
        notify(
            [ctx.actor], Message("The report “%(name)s” is ready.", name=report.name),
            Message("It can be downloaded among your jobs for as long as files of exports are kept."),
            module=REPORT, record_id=report.pk, kind="report", email=True, at=ctx.now,
        )  # fmt: skip
    return {"file": str(kept.pk), "rows": len(result.lines), "name": name}


def said(result: Result) -> str:
    """Below the title of a report: about how many rows it is."""
    return _("%(rows)s rows") % {"rows": f"{result.rows:,}"}
