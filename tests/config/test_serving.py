"""`guanxi serve`: refuses what cannot work, serves with a worker beside it, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import Namespace
from pathlib import Path

import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from guanxi.config.commands import database, serving
from guanxi.demo import Login
from guanxi.kernel.errors import Conflict, Invalid

COMMAND = [sys.executable, "-m", "guanxi.config.cli"]


def test_number_of_processes():
    assert serving.processes_for(3) == 3
    with pytest.raises(Invalid):
        serving.processes_for(0)
    assert serving.processes_for(None) >= 1


def test_processes_follow_cores_and_database(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    monkeypatch.setattr(settings, "DATABASE_URL", "")
    assert serving.processes_for(None) == 2
    monkeypatch.setattr(settings, "DATABASE_URL", "postgresql://guanxi@localhost/guanxi")
    assert serving.processes_for(None) == 8


def test_a_taken_port_is_refused_and_a_free_one_is_not():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(Conflict) as refusal:
            serving.require_free_port("127.0.0.1", port)
        assert str(port) in refusal.value.message.plain
    serving.require_free_port("127.0.0.1", port)
    with pytest.raises(Conflict):
        serving.require_free_port("127.0.0.1", 70000)


def test_address_for_a_browser():
    assert serving.address(Namespace(host="0.0.0.0", port=8000)) == "http://127.0.0.1:8000/"
    assert serving.address(Namespace(host="crm.example", port=80)) == "http://crm.example:80/"


def descendants(pid: int) -> set[int]:
    """The processes below one, whatever session they are in."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that still run; a zombie whose parent is gone counts as ended."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.add(pid)
    return running


def wait_until(condition, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def environment_of(folder: Path) -> dict[str, str]:
    """An installation of its own: an embedded database in that folder, whatever database the suite runs on."""
    inherited = {name: value for name, value in os.environ.items() if name != "GUANXI_DATABASE_URL"}
    return {**inherited, "GUANXI_DATA": str(folder), "LC_ALL": "en_US.UTF-8"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A prepared, empty installation, and what `serve` said before it was prepared."""
    environment = environment_of(tmp_path_factory.mktemp("installation"))
    refused = subprocess.run([*COMMAND, "serve"], env=environment, capture_output=True, text=True, check=False)
    subprocess.run([*COMMAND, "migrate"], env=environment, check=True, capture_output=True)
    return environment, refused


def test_an_unprepared_installation_is_not_served(installation):
    _environment, refused = installation
    assert refused.returncode == 1
    assert "guanxi migrate" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the process table of Linux")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_serving_ends_whole(installation, ending):
    environment, _refused = installation
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [*COMMAND, "serve", "--with-worker", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert server.stdout
        assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
        assert wait_until(lambda: answers(port))
        below = descendants(server.pid)
        assert len(below) >= 3  # server, its answering process, worker
        server.send_signal(ending)
        assert server.wait(30) == (-signal.SIGKILL if ending == signal.SIGKILL else 0)
        assert wait_until(lambda: not alive(below)), alive(below)
        assert not answers(port)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_public_logins_are_told_and_warned_of(monkeypatch, capsys, host, warned):
    login = Login("li_wei", "李伟", "大区经理", "西南大区", "public")
    monkeypatch.setattr(serving, "open_logins", lambda: [login])
    monkeypatch.setattr(serving, "tell_logins", lambda: print(login.username))
    monkeypatch.setattr(serving, "require_free_port", lambda _host, _port: None)
    monkeypatch.setattr(serving, "serve_here", lambda *_place: None)
    assert serving.serve(Namespace(host=host, port=8000, workers=1, ends_with_parent=False, with_worker=False)) == 0
    said = capsys.readouterr()
    assert said.out.startswith("li_wei\n") and "http://127.0.0.1:8000/" in said.out
    assert bool(said.err) is warned


SHARED = """
import sys, django
django.setup()
from guanxi.config.commands import database, serving
serving.load_what_is_shared()
assert {"guanxi.config.wsgi", "guanxi.config.urls", "guanxi.web.urls"} <= sys.modules.keys()
print(*sorted({"openpyxl", "segno", "pypinyin", "PIL", "httpx"} & sys.modules.keys()))
"""


def test_what_no_page_needs_is_not_loaded_before_it_is_needed():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "guanxi.config.settings"}
    done = subprocess.run([sys.executable, "-c", SHARED], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


@pytest.mark.django_db
def test_migrations_are_counted_by_the_names_that_django_knows():
    shipped = list(database._shipped_migrations())
    assert len(set(shipped)) == len(shipped)
    assert set(shipped) == set(MigrationLoader(None).disk_migrations)
