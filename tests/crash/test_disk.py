"""A full disk: nothing is half written, reading goes on, and writing does again as soon as there is room."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.installations import Installation, installation
from tests.crash.conftest import sqlite_only

pytestmark = sqlite_only
MEGABYTES = 40
WRITER = """
from django.db import OperationalError
from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.records.standard import create
from guanxi.rooms.engagement.models import Memo
ctx = Context.of(Person.objects.get(username="writer0"), source="cli")
before, written, refused = Memo.objects.count(), 0, ""
for number in range(LIMIT):
    try:
        create(ctx, "engagement.memo", subject=f"memo {number}", content="x" * 4000)
        written += 1
    except OperationalError as error:
        refused = str(error)
        break
assert Memo.objects.count() == before + written
print(written, refused.replace(" ", "_") or "-")
"""


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of its own with little room; needs the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, leave: int) -> Path:
    """Takes all room but `leave` bytes."""
    ballast = folder / "ballast"
    room = os.statvfs(folder)
    with ballast.open("wb") as file:
        file.write(bytes(room.f_bavail * room.f_frsize - leave))
    return ballast


def wrote(company: Installation, limit: int) -> tuple[int, str]:
    count, refusal = company.python(f"LIMIT = {limit}\n{WRITER}").split()
    return int(count), refusal


def test_a_full_disk_refuses_and_recovers(small_disk, founded):
    with installation(small_disk / "data", like=founded[0]) as company:
        ballast = fill(small_disk, 600_000)
        written, refusal = wrote(company, 5000)
        assert refusal == "database_or_disk_is_full" and 0 < written < 5000
        assert "cannot be written" in company.run("backup", code=1).stderr
        assert not list((small_disk / "data" / "backups").glob("*"))
        # Reading goes on while there is no room at all.
        assert company.python("from guanxi.rooms.engagement.models import Memo\nprint(Memo.objects.count())") == str(
            written
        )
        ballast.unlink()
        assert wrote(company, 20) == (20, "-")
        company.run("verify")
