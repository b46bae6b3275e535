"""The backups as the system administrator sees them: whether it was tried out, making and fetching."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.errors import NotAllowed
from guanxi.platform.audit import entries as audit
from guanxi.platform.backups import shelf
from guanxi.platform.backups.shelf import Kept
from guanxi.platform.backups.upkeep import MAKE, TRY
from guanxi.platform.jobs.models import Quarantine
from guanxi.platform.jobs.starting import start
from guanxi.platform.monitoring.readiness import readiness
from guanxi.records.standard import ENTERED
from guanxi.rooms.administration.queries import may_operate
from guanxi.web.confirming import require_recent
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PATH = "/administration/backups/"
_MEGABYTE = 1024 * 1024

ENTERED.update(
    download_backup=gettext_lazy("Download of a backup"),
    restore_backup=gettext_lazy("Restore from a backup"),
    release=gettext_lazy("Release from quarantine"),
)


@dataclass(frozen=True)
class Line:
    """One backup on the page."""

    kept: Kept
    megabytes: str
    age: str


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The backups, newest first, and whether this installation is in order."""
    _require(request, "view")
    found = shelf.kept()
    context = {
        "lines": [_line(request, each) for each in found],
        "checks": [(_NAMES[name](), ok) for name, ok in _checks().items()],
        "quarantine": Quarantine.objects.first(),
        "folder": str(shelf.folder()),
        "off_site": settings.BACKUP_OFFSITE_FOLDER,
        "may_back_up": may_operate(request.ctx, "back_up"),
        "may_download": may_operate(request.ctx, "download_backup"),
    }
    return page(request, "administration/backups.html", context)


_NAMES = {
    "database": lambda: _("database"),
    "migrations": lambda: _("version of the database"),
    "worker": lambda: _("background worker"),
    "disk": lambda: _("room on the disk"),
}


def _checks() -> dict[str, bool]:
    checks = readiness()["checks"]
    assert isinstance(checks, dict)
    return checks


def _line(request: Request, kept: Kept) -> Line:
    age = request.ctx.now - kept.made_at
    hours = int(age.total_seconds() // 3600)
    text = _("%(count)s d") % {"count": hours // 24} if hours >= 48 else _("%(count)s h") % {"count": hours}
    return Line(kept, f"{kept.size / _MEGABYTE:,.1f} MB", text)


@require_POST
def make(request: Request) -> HttpResponseBase:
    """Ask for a backup now; its job's page shows how far it is."""
    _require(request, "back_up")
    return redirect("job", start(MAKE, request.person, {}, at=request.ctx.now).pk)


@require_POST
def try_out(request: Request, file: str) -> HttpResponseBase:
    """Ask for a trial of one backup."""
    _require(request, "back_up")
    kept = shelf.find(file)
    return redirect("job", start(TRY, request.person, {"name": kept.name}, at=request.ctx.now).pk)


@require_GET
def download(request: Request, file: str) -> HttpResponseBase:
    """One sealed file. Everything the company knows is in it: who it is, is asked again, and it is noted."""
    _require(request, "download_backup")
    kept = shelf.find(file)
    require_recent(request)
    with transaction.atomic():
        changes = {"backup": [None, kept.name], "made_at": [None, kept.made_at.isoformat()]}
        audit.write([request.ctx.entry("download_backup", changes=changes)])
    return FileResponse(kept.path.open("rb"), as_attachment=True, filename=kept.name)


def _require(request: Request, action: str) -> None:
    if not may_operate(request.ctx, action):
        raise NotAllowed
