"""kill -9 of the worker in the middle of an import: it is taken up again, and every row is there exactly once."""

import json
import os
import signal
import subprocess
import sys
import time

from tests.config.installations import COMMAND, Installation
from tests.config.test_serving import descendants
from tests.crash.conftest import IS_LONG

ROWS = 10_000 if IS_LONG else 3_000
KILLS = 10 if IS_LONG else 2
BEGIN = """
from guanxi.platform.calendar import now
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.importing.running import apply, begin, check, set_mapping
from guanxi.platform.jobs.running import run as run_job
ctx = Context.of(Person.objects.get(username="writer0"), source="page", confirmed_at=now())
content = "主题\\n" + "".join(f"导入 {number:06}\\n" for number in range(ROWS))
kept = store(content.encode(), "memos.csv", ctx.actor, now(), StoredFile.Kind.IMPORT)
run = begin(ctx, registry.module("engagement.memo"), kept)
run = set_mapping(ctx, run, run.sheet, run.encoding, run.header_row, {0: "subject"})
run_job(check(ctx, run).pk)
print(apply(ctx, run).pk)
"""
STATE = """
import json
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.jobs.models import Job
from guanxi.records.models import ImportRow
from guanxi.rooms.engagement.models import Memo
job = Job.objects.order_by("-id").first()
print(json.dumps([
    job.state, Memo.objects.count(), Memo.objects.values("subject").distinct().count(),
    AuditEntry.objects.filter(module="engagement.memo", action="create").count(),
    ImportRow.objects.filter(state="created").count(),
]))
"""
#: After a definition of `count`: ends as soon as it has grown by MORE.
WATCH = """
import time
goal, end = count() + MORE, time.monotonic() + 100
print("watching", flush=True)
while count() < goal and time.monotonic() < end:
    time.sleep(0.005)
os._exit(0)  # the blow shall not wait for a tidy end
"""
MEMOS = "from guanxi.rooms.engagement.models import Memo\ncount = Memo.objects.count\n"
#: What the minute of silence does, without waiting for the minute.
RESCUE = """
from datetime import timedelta
from guanxi.platform.calendar import now
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.rescue import rescue_silent
rescue_silent(now() + timedelta(seconds=61))
Job.objects.filter(state="queued").update(enqueue_at=now())
"""


def worker(company: Installation) -> subprocess.Popen[bytes]:
    with (company.folder / "worker.log").open("ab") as log:
        return subprocess.Popen([*COMMAND, "worker"], env=company.environment, stdout=log, stderr=log)


def watching(company: Installation, counted: str, more: int = 1) -> subprocess.Popen[bytes]:
    """A process that ends as soon as the `count` that `counted` defines is `more` than now; it has begun when this
    returns."""
    setting = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'guanxi.config.settings'; django.setup()\n"
    program = f"{setting}MORE = {more}\n{counted}{WATCH}"
    watcher = subprocess.Popen([sys.executable, "-c", program], env=company.environment, stdout=subprocess.PIPE)
    assert watcher.stdout is not None and watcher.stdout.readline() == b"watching\n"
    watcher.stdout.close()
    return watcher


def kill(process: subprocess.Popen[bytes]) -> None:
    for pid in {process.pid} | descendants(process.pid):
        os.kill(pid, signal.SIGKILL)
    process.wait()


def state(company: Installation) -> list:
    return json.loads(company.python(STATE))


def test_a_killed_import_ends_with_every_row_exactly_once(company, capsys):
    found, _secrets = company
    found.python(f"ROWS = {ROWS}\n{BEGIN}")
    counts = []
    for _kill in range(KILLS):
        watcher = watching(found, MEMOS)
        process = worker(found)
        watcher.wait()
        kill(process)
        counts.append(state(found)[1])
        found.python(RESCUE)
    last = worker(found)
    try:
        end = time.monotonic() + 180
        while state(found)[0] != "done":
            assert time.monotonic() < end, (found.folder / "worker.log").read_text()[-3000:]
            time.sleep(0.5)
    finally:
        last.terminate()
        last.wait(30)
    assert state(found) == ["done", ROWS, ROWS, ROWS, ROWS]
    # At least one blow fell in the middle, or the test has shown nothing.
    assert any(0 < count < ROWS for count in counts), counts
    report = json.loads(found.run("verify", "--json").stdout)
    assert report["ok"], [check for check in report["checks"] if not check["ok"]]
    with capsys.disabled():
        print(f"\n{KILLS} kills in an import of {ROWS} rows, after {counts} rows: every row once")
