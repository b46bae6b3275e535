"""The folder in which backups lie, each with the proof of its last trial beside it. The folder itself is the truth.

A database could not tell which backups there are: after a restore it would know only the older ones.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.backups import reading
from guanxi.platform.calendar.clock import local

ENDING = ".guanxi"
_PROOF = ".proof.json"
_NAME = re.compile(r"guanxi-[0-9]{8}T[0-9]{6}Z(-[a-z-]+)?\.guanxi")


@dataclass(frozen=True)
class Proof:
    """How the last trial of a backup ended. `told`: in a sentence; `seconds`: how long restoring and verifying took."""

    at: datetime
    ok: bool
    told: str
    seconds: float


@dataclass(frozen=True)
class Kept:
    """A backup on the shelf. `purpose`: "" for an ordinary one, "before-restore" for what a restore replaced."""

    path: Path
    made_at: datetime
    version: str
    key: str
    size: int
    purpose: str
    proof: Proof | None

    @property
    def name(self) -> str:
        """Its file name, which tells it apart from the others."""
        return self.path.name


def folder() -> Path:
    """Where backups lie: GUANXI_BACKUP_FOLDER, else `backups` in the data folder."""
    return Path(settings.BACKUP_FOLDER)


def new_path(at: datetime, purpose: str = "") -> Path:
    """Where a backup of this moment is put."""
    stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return folder() / f"guanxi-{stamp}{'-' if purpose else ''}{purpose}{ENDING}"


def kept() -> list[Kept]:
    """The backups on the shelf, newest first; files that are none are passed over."""
    found = [_kept(path) for path in folder().glob(f"*{ENDING}") if _NAME.fullmatch(path.name)]
    return sorted((each for each in found if each), key=lambda each: (each.made_at, each.name), reverse=True)


def find(name: str) -> Kept:
    """The backup of that file name. Raises NotFound for any other name, wherever it may lead."""
    found = _kept(folder() / name) if _NAME.fullmatch(name) else None
    if found is None:
        raise NotFound
    return found


def _kept(path: Path) -> Kept | None:
    try:
        head = reading.head(path)
        made_at = datetime.fromisoformat(head["made_at"])
        size = path.stat().st_size
    except (Invalid, OSError, KeyError, ValueError):
        return None
    match = _NAME.fullmatch(path.name)
    purpose = (match[1] or "").strip("-") if match else ""
    return Kept(path, made_at, str(head.get("version", "")), str(head.get("key", "")), size, purpose, _proof(path))


def prove(path: Path, proof: Proof) -> None:
    """Keep how a trial of the backup ended, beside it."""
    beside = path.with_name(path.name + _PROOF)
    draft = beside.with_name(f".{beside.name}.{os.getpid()}")
    draft.write_text(json.dumps({**asdict(proof), "at": proof.at.isoformat()}, ensure_ascii=False))
    draft.replace(beside)


def _proof(path: Path) -> Proof | None:
    try:
        given = json.loads(path.with_name(path.name + _PROOF).read_text())
        return Proof(datetime.fromisoformat(given["at"]), bool(given["ok"]), str(given["told"]), given["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear(daily: int, weekly: int, monthly: int) -> list[str]:
    """Remove what need not be kept, and return the names: see `surplus`. What a restore replaced is never removed."""
    ordinary = [each for each in kept() if not each.purpose]
    removed = surplus(ordinary, daily, weekly, monthly)
    for each in removed:
        each.path.unlink(missing_ok=True)
        each.path.with_name(each.name + _PROOF).unlink(missing_ok=True)
    return [each.name for each in removed]


def surplus(backups: Iterable[Kept], daily: int, weekly: int, monthly: int) -> list[Kept]:
    """Those of the backups (newest first) that no rule keeps.

    Kept is the newest of each of the last `daily` days, `weekly` weeks and `monthly` months that have one; so the
    newest of all always is, and so is the newest whose trial went well.
    """
    backups = list(backups)
    spared = {each.name for each in backups[:1]}
    spared |= {each.name for each in [one for one in backups if one.proof and one.proof.ok][:1]}
    rules: tuple[tuple[int, Callable[[date], object]], ...] = (
        (daily, lambda day: day),
        (weekly, lambda day: day.isocalendar()[:2]),
        (monthly, lambda day: (day.year, day.month)),
    )
    for count, period in rules:
        newest: dict[object, str] = {}
        for each in backups:
            newest.setdefault(period(local(each.made_at).date()), each.name)
        spared |= set(list(newest.values())[:count])
    return [each for each in backups if each.name not in spared]


def copy_off_site(path: Path) -> Path | None:
    """Copy a backup into the second folder (a mounted share, another disk), whole or not at all; None without one.

    Raises Invalid when the copy cannot be written.
    """
    if not settings.BACKUP_OFFSITE_FOLDER:
        return None
    target = Path(settings.BACKUP_OFFSITE_FOLDER) / path.name
    draft = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(path, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Invalid(
            Message("The copy of the backup cannot be written: %(reason)s.", reason=error.strerror or str(error))
        ) from error
    return target
