"""Power cut: only what was synced is left of the embedded database, and everything acknowledged is in it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.crash.conftest import IS_LONG, sqlite_only

pytestmark = sqlite_only
CUTS = 20 if IS_LONG else 2
SECONDS = 2.0
WRITER = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.config.settings"
django.setup()
from django.db import connection
from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.records.standard import create
from guanxi.rooms.engagement.models import Memo
with connection.cursor() as cursor:
    if len(sys.argv) > 1:
        cursor.execute("PRAGMA synchronous=" + sys.argv[1])
        # A checkpoint just before the cut would sync what this setting leaves unsynced.
        cursor.execute("PRAGMA wal_autocheckpoint=0")
    cursor.execute("PRAGMA synchronous")
    print("synchronous", cursor.fetchone()[0], flush=True)
ctx = Context.of(Person.objects.get(username="writer0"), source="cli")
number = Memo.objects.count()
while True:
    number += 1
    create(ctx, "engagement.memo", subject=f"memo {number:06}")
    print(f"memo {number:06}", flush=True)
"""
STORED = """
from guanxi.rooms.engagement.models import Memo
print(*Memo.objects.order_by("subject").values_list("subject", flat=True), sep="\\n")
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory) -> Path:
    """The library that plays the disk."""
    path = tmp_path_factory.mktemp("shim") / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["gcc", "-Wall", "-Werror", "-shared", "-fPIC", "-o", path, source, "-ldl"], check=True)
    return path


def power_cut(installation, shim: Path, platter: Path, *synchronous: str) -> list[str]:
    """Writes until the power goes, leaves what was on the platter, and returns what had been acknowledged."""
    live = installation.folder
    environment = {
        **installation.environment,
        "LD_PRELOAD": str(shim),
        "LIVE": f"{live}/guanxi",
        "PLATTER": str(platter),
    }
    for path in live.glob("guanxi.sqlite3*"):
        shutil.copy(path, platter / path.name)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, *synchronous], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    mode = writer.stdout.readline().split()
    assert mode == ["synchronous", {"": "2", "NORMAL": "1"}[synchronous[0] if synchronous else ""]]
    time.sleep(SECONDS)
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged = writer.stdout.read().split("\n")
    writer.wait()
    writer.stdout.close()
    for path in live.glob("guanxi.sqlite3*"):
        path.unlink()
    for path in platter.glob("guanxi.sqlite3*"):
        # The shared memory of the log is never synced: after a power cut there is none.
        if not path.name.endswith("-shm"):
            shutil.move(path, live / path.name)
    # The last line may be cut off in the middle: then nobody got it.
    return [line for line in acknowledged[:-1] if line]


def test_everything_acknowledged_survives_a_power_cut(company, shim, tmp_path, capsys):
    installation, _secrets = company
    acknowledged: list[str] = []
    for cut in range(CUTS):
        platter = tmp_path / f"platter{cut}"
        platter.mkdir()
        acknowledged += power_cut(installation, shim, platter)
        stored = set(installation.python(STORED).splitlines())
        assert set(acknowledged) - stored == set()
    assert len(acknowledged) > 5 * CUTS
    installation.run("verify")
    with capsys.disabled():
        print(f"\n{CUTS} power cuts, {len(acknowledged)} acknowledged, 0 lost")


def test_a_database_that_syncs_less_does_lose_and_the_shim_shows_it(company, shim, tmp_path):
    """The canary: with synchronous=NORMAL what was acknowledged last is gone."""
    installation, _secrets = company
    platter = tmp_path / "platter"
    platter.mkdir()
    acknowledged = power_cut(installation, shim, platter, "NORMAL")
    lost = set(acknowledged) - set(installation.python(STORED).splitlines())
    assert acknowledged and lost
