"""The embedded database under more hands than it has: nobody is told that it is locked."""

import json
import statistics
import subprocess
import sys
import time

from tests.crash.conftest import IS_LONG, sqlite_only

pytestmark = sqlite_only
SECONDS = 120 if IS_LONG else 15
PROCESSES, THREADS, READERS = 4, 8, 8
CROWD = """
import json, os, sys, threading, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.config.settings"
django.setup()
from django.db import connection
from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.records.standard import create
from guanxi.rooms.engagement.models import Memo
kind, mark, threads, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
problems, latencies = [], []
person = Person.objects.get(username=f"writer{mark}")
connection.close()
end = time.monotonic() + seconds

def write(number, place):
    create(Context.of(person, source="cli"), "engagement.memo", subject=f"load {mark} {place} {number}")

def read(number, place):
    ctx = Context.of(person, source="cli")
    list(ctx.search("engagement.memo").order_by("-changed_at")[:50]), ctx.search("engagement.memo").count()

def work(place):
    number = 0
    while time.monotonic() < end:
        begun, number = time.monotonic(), number + 1
        try:
            {"write": write, "read": read}[kind](number, place)
            latencies.append(time.monotonic() - begun)
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}")
    connection.close()

crowd = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
for one in crowd: one.start()
for one in crowd: one.join()
print(json.dumps([problems, latencies]))
"""
ROWS = 400 if not IS_LONG else 10_000


def start(installation, kind: str, mark: int, threads: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", CROWD, kind, str(mark), str(threads), str(SECONDS)]
    return subprocess.Popen(words, env=installation.environment, stdout=subprocess.PIPE, text=True)


def test_nobody_is_told_that_the_database_is_locked(company, tmp_path, capsys):
    installation, _secrets = company
    listed = tmp_path / "memos.csv"
    listed.write_text("主题\n" + "".join(f"导入 {number:05}\n" for number in range(ROWS)))
    crowd = [start(installation, "write", mark, THREADS) for mark in range(PROCESSES)]
    readers = start(installation, "read", 7, READERS)
    time.sleep(2)
    imported = installation.run("import", "engagement.memo", str(listed), "--as", "writer6", "--column", "主题=subject")
    assert str(ROWS) in imported.stdout
    found = [json.loads(process.communicate(timeout=SECONDS + 120)[0]) for process in crowd]
    read_problems, read_latencies = json.loads(readers.communicate(timeout=120)[0])
    problems = [problem for each, _latencies in found for problem in each] + read_problems
    assert problems == []
    latencies = sorted(latency for _problems, each in found for latency in each)
    count = installation.python("from guanxi.rooms.engagement.models import Memo\nprint(Memo.objects.count())")
    assert int(count) == len(latencies) + ROWS
    log = installation.folder / "guanxi.sqlite3-wal"
    assert not log.exists() or log.stat().st_size <= 100 * 1024 * 1024
    report = json.loads(installation.run("verify", "--json").stdout)
    assert report["ok"], [check for check in report["checks"] if not check["ok"]]
    with capsys.disabled():
        print(
            f"\n32 writers, 8 readers, an import of {ROWS} rows for {SECONDS} s: {len(latencies)} written, "
            f"{len(read_latencies)} read, 0 locked; a write takes {statistics.median(latencies) * 1000:.0f} ms "
            f"(median), {latencies[int(len(latencies) * 0.99)] * 1000:.0f} ms (99 %)"
        )
