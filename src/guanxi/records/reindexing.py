"""Entering every record of a type in the search anew: after the company has changed what can be found."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.progress import Progress
from guanxi.platform.jobs.registry import job
from guanxi.platform.jobs.starting import start
from guanxi.records import customising, derived, registry
from guanxi.records.context import Context
from guanxi.records.module import Module

REINDEX = "records.reindex"


def start_reindexing(ctx: Context, module: Module) -> Job:
    """Ask for a record type to be entered in the search anew, in the background."""
    title = Message("Renew the search: %(module)s", module=module.label_plural)
    return start(REINDEX, ctx.actor, {"module": module.key}, title, ctx.now)


@job(REINDEX, title=_("Renew the search"))
def reindex(progress: Progress, module: str) -> dict[str, Any]:
    """The renewal as a job; repeated, it begins anew."""
    customising.forget()
    known = registry.entry(module)
    total = known.module.model._default_manager.filter(deleted_at=None).count()
    return {"records": derived.rebuild(known, lambda done: progress.step(done, total))}
