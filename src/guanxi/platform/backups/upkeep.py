"""What is done every night so that a backup is there when it is needed, and the administrator hears when it is not."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Problem
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import RoleKind
from guanxi.platform.access.roles import holders_of_kind
from guanxi.platform.backups import shelf
from guanxi.platform.backups.making import make
from guanxi.platform.backups.policies import DAILY, MONTHLY, WEEKLY
from guanxi.platform.backups.restoring import try_out
from guanxi.platform.calendar.clock import local, now
from guanxi.platform.jobs.progress import Progress
from guanxi.platform.jobs.registry import job, scheduled
from guanxi.platform.jobs.starting import start
from guanxi.platform.notices.notify import notify
from guanxi.platform.policy.values import value_of
from guanxi.platform.verify.checks import run_checks, summary

MAKE = "backups.make"
TRY = "backups.try"


@job(MAKE, title=_("Backup"), attempts=2)
def make_backup(progress: Progress) -> dict[str, Any]:
    """Make a backup on the shelf, copy it off site, and clear away what need not be kept any longer."""
    at = now()
    try:
        made = make(shelf.new_path(at), at, lambda done, total: progress.step(done, total))
        shelf.copy_off_site(made.path)
    except Problem as problem:
        alarm(Message("The backup failed"), problem.message, at)
        raise
    if made.damaged:
        alarm(Message("The backup lacks files"), _lacking(made.damaged), at)
    today = local(at).date()
    removed = shelf.clear(*(value_of(rule, today) for rule in (DAILY, WEEKLY, MONTHLY)))
    return {"backup": made.path.name, "size": made.size, "removed": len(removed), "lacking": len(made.damaged)}


def _lacking(names: tuple[str, ...]) -> Message:
    return Message("%(count)s files are missing or changed in the store: %(names)s", count=len(names), names=names[:5])


@job(TRY, title=_("Trial of a backup"), attempts=2)
def try_backup(progress: Progress, name: str) -> dict[str, Any]:
    """Restore a backup of the shelf into a place of its own and verify it there; the proof is kept beside it."""
    kept = shelf.find(name)
    proof = try_out(kept.path, now())
    shelf.prove(kept.path, proof)
    if not proof.ok:
        alarm(Message("The trial of the backup %(name)s failed", name=name), proof.told, proof.at)
    return {"backup": name, "ok": proof.ok, "told": proof.told}


@scheduled(MAKE, daily_at="02:10")
def nightly_backup(at: datetime) -> None:
    """Ask for tonight's backup."""
    start(MAKE, None, {}, at=at)


@scheduled(TRY, daily_at="04:20")
def nightly_trial(at: datetime) -> None:
    """Try out the newest backup; that there is none is told too."""
    newest = next((each for each in shelf.kept() if not each.purpose), None)
    if newest is None:
        alarm(Message("There is no backup"), Message("Nothing could be tried out."), at)
    else:
        start(TRY, None, {"name": newest.name}, at=at)


@scheduled("verify.nightly", daily_at="05:10")
def nightly_verification(at: datetime) -> None:
    """Run every check on the installation itself; what is found is told."""
    verdicts = run_checks()
    if not all(verdict.ok for verdict in verdicts):
        findings = [f"{verdict.check.title}: {verdict.findings[0]}" for verdict in verdicts if not verdict.ok]
        alarm(summary(verdicts), Message("%(findings)s", findings="\n".join(findings)), at)


def alarm(title: Message, body: Message | str, at: datetime) -> None:
    """Tell the system administrators, by notice and by mail."""
    notify(holders_of_kind(RoleKind.SYSTEM), title, body, kind="operations", email=True, at=at)
