"""A long piece of work as its person sees it: how far it is, calling it off, what came of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.errors import NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.starting import cancel, retry
from guanxi.records import attachments
from guanxi.web import flashes
from guanxi.web.gate import Request
from guanxi.web.rendering import page

#: By kind of job: where its result is looked at. Others have their result on the job's own page.
NEXT: dict[str, Callable[[Job], str]] = {}
#: What a job's result may tell in figures, in the order of reading.
_FIGURES = {
    "total": gettext_lazy("Rows"),
    "rows": gettext_lazy("Rows"),
    "records": gettext_lazy("Records"),
    "values": gettext_lazy("Values"),
    "done": gettext_lazy("Done"),
    "failed": gettext_lazy("Left as they were"),
    "undone": gettext_lazy("Put back"),
    "kept": gettext_lazy("Changed since and kept"),
}
_STATES = {
    Job.State.QUEUED: "running",
    Job.State.RUNNING: "running",
    Job.State.DONE: "done",
}


def mine(request: Request, pk: Any) -> Job:
    """A job of this person; anybody else's does not exist for him."""
    job = Job.objects.filter(pk=pk, actor=request.person).first()
    if job is None:
        raise NotFound
    return job


def progress_of(job: Job, next_address: str = "", url: str = "") -> dict[str, Any]:
    """A job as the macro `progress` draws it."""
    numbers = [(_("Done"), f"{job.done:,} / {job.total:,}")] if job.total else []
    return {
        "title": job.title,
        "percent": job.percent,
        "state": _STATES.get(Job.State(job.state), "failed"),
        "note": job.message
        or (str(job.error).splitlines()[-1][:200] if job.error and job.is_finished else _waiting(job)),
        "numbers": numbers,
        "url": url or f"/jobs/{job.pk}/",
        "next": next_address if job.state == Job.State.DONE else "",
    }


def _waiting(job: Job) -> str:
    return _("Waiting for its turn") if job.state == Job.State.QUEUED else ""


@require_GET
def show(request: Request, pk: Any) -> HttpResponseBase:
    """One job: its progress, then its result."""
    job = mine(request, pk)
    where = NEXT.get(job.kind)
    # The script that follows the job goes on to this very page once there is a result to show.
    following = where(job) if where else (request.path if request.htmx else "")
    result = job.result or {}
    file = result.get("file", "")
    is_gone = bool(file) and _is_gone(file, request.ctx.now)
    given = {
        "job": job,
        "progress": progress_of(job, following),
        "file": file if file and not is_gone else "",
        "gone": str(attachments.EXPIRED) if is_gone else "",
        "numbers": [
            (label, f"{result[name]:,}") for name, label in _FIGURES.items() if isinstance(result.get(name), int)
        ],
        "is_stopped": job.state in (Job.State.FAILED, Job.State.PARKED, Job.State.CANCELLED),
    }
    return page(request, "web/job.html", given)


def _is_gone(file: str, at: datetime.datetime) -> bool:
    """Whether the file that a job made is not handed out any more."""
    stored = StoredFile.objects.filter(pk=file).first()
    if stored is None or stored.deleted_at is not None:
        return True
    return stored.kind == StoredFile.Kind.EXPORT and attachments.has_expired(stored, at)


@require_GET
def index(request: Request) -> HttpResponseBase:
    """The person's jobs, newest first."""
    jobs = Job.objects.filter(actor=request.person, deleted_at=None).order_by("-created_at", "-pk")[:50]
    return page(request, "web/jobs.html", {"jobs": list(jobs)})


@require_POST
def stop(request: Request, pk: Any) -> HttpResponseBase:
    """Call a job off."""
    cancel(mine(request, pk), request.person, request.ctx.now)
    return flashes.redirect(f"/jobs/{pk}/", Message("The job will stop at its next step."), "info")


@require_POST
def again(request: Request, pk: Any) -> HttpResponseBase:
    """Start a job anew that failed or was called off."""
    retry(mine(request, pk), request.person, request.ctx.now)
    return flashes.redirect(f"/jobs/{pk}/")
