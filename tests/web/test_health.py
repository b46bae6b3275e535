"""What the machine that watches this one is told: alive, ready, figures; and the line in the log about each request."""

import json
import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from guanxi.platform.jobs.models import Quarantine, WorkerPulse
from guanxi.platform.monitoring import readiness
from guanxi.platform.monitoring.logs import JsonFormatter


@pytest.fixture
def worker(world):
    return WorkerPulse.objects.create(worker="w", host="h", process=1, begun_at=world.now, seen_at=world.now)


def asked(path: str = "/readyz", **headers: str):
    return Client(headers=headers).get(path)


def test_alive_needs_neither_database_nor_host_name():
    # Without the `db` fixture any query fails the test.
    answer = Client(headers={"host": "10.1.2.3"}).get("/healthz")
    assert answer.status_code == 200 and answer.content == b"ok"
    assert answer["Cache-Control"] == "no-store" and not answer.cookies
    assert Client().post("/healthz").status_code == 405


def test_ready_with_database_migrations_worker_and_room(worker):
    answer = asked()
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": True, "migrations": True, "worker": True, "disk": True},
        "quarantined": False,
    }


def test_not_ready_without_a_sign_of_life(world, worker):
    WorkerPulse.objects.update(seen_at=world.now - timedelta(seconds=61))
    answer = asked()
    assert answer.status_code == 503
    assert [name for name, ok in answer.json()["checks"].items() if not ok] == ["worker"]


def test_not_ready_without_room_on_the_disk(worker, settings):
    settings.LEAST_FREE_MEGABYTES = 10**12
    assert asked().json()["checks"]["disk"] is False
    settings.LEAST_FREE_MEGABYTES = 0
    assert asked().status_code == 200


def test_not_ready_while_migrations_are_open(worker, monkeypatch):
    monkeypatch.setattr(readiness, "_migrated", set())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notices'")
    answer = asked()
    assert answer.status_code == 503 and answer.json()["checks"]["migrations"] is False


def test_not_ready_without_the_database_and_nothing_breaks(monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(readiness.connection, "cursor", away)
    monkeypatch.setattr(readiness.connection, "close", lambda: None)
    answer = asked()
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": False, "migrations": False, "worker": False, "disk": True}


def test_quarantine_is_told_and_no_reason_not_to_be_ready(world, worker):
    Quarantine.objects.create(since=world.now, backup_made_at=world.now)
    assert asked().status_code == 200 and asked().json()["quarantined"] is True


def test_figures_do_not_exist_for_who_may_not_ask(db, settings):
    assert asked("/metrics").status_code == 404
    settings.METRICS, settings.METRICS_TOKEN, settings.METRICS_ADDRESSES = True, "t" * 20, []
    for given in ("", "Bearer wrong", f"Basic {'t' * 20}", "Bearer " + "t" * 19, "Bearer 密"):
        assert asked("/metrics", **({"Authorization": given} if given else {})).status_code == 404
    settings.METRICS_TOKEN = ""
    assert asked("/metrics", Authorization="Bearer ").status_code == 404
    settings.METRICS_ADDRESSES = ["10.0.0.0/8"]
    assert asked("/metrics").status_code == 404


FIGURES = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
client = Client(headers={"Authorization": "Bearer figures-for-us"})
for path in ("/login/", "/login/", "/no/such/page/here"):
    client.get(path)
client.post("/login/", {"username": "nobody", "password": "x"})
answer = client.get("/metrics")
assert answer.status_code == 200, answer.status_code
sys.stdout.write(answer.content.decode())
"""


def test_figures_of_requests_jobs_outbox_database_and_backups(tmp_path):
    """In a process of its own: whether figures are counted is decided when it begins."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GUANXI_")}
    figures = tmp_path / "figures"
    figures.mkdir()
    environment = {
        **inherited, "GUANXI_DATA": str(tmp_path), "GUANXI_METRICS_TOKEN": "figures-for-us",
        "DJANGO_SETTINGS_MODULE": "guanxi.config.settings", "PROMETHEUS_MULTIPROC_DIR": str(figures),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", FIGURES], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert 'guanxi_requests_total{method="GET",route="login",status="200"} 2.0' in lines
    assert 'guanxi_requests_total{method="GET",route="unknown",status="404"} 1.0' in lines
    assert 'guanxi_request_seconds_count{route="login"} 3.0' in lines
    for figure in (
        'guanxi_jobs{state="queued"} 0.0', 'guanxi_jobs_oldest_seconds{state="running"} 0.0',
        'guanxi_outbox{state="waiting"} 0.0', "guanxi_worker_silence_seconds NaN", "guanxi_quarantined 0.0",
        "guanxi_backup_age_seconds NaN", "guanxi_backup_proved 0.0", 'guanxi_sign_ins_total{outcome="refused"} 1.0',
    ):  # fmt: skip
        assert figure in lines, figure
    assert any(line.startswith("guanxi_database_bytes ") and float(line.split()[1]) > 100_000 for line in lines)


def test_nobody_pays_for_figures_that_nobody_asks_for():
    program = "import django; django.setup(); import guanxi.config.wsgi, sys; print('prometheus_client' in sys.modules)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "guanxi.config.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log():
    handler, logger = Lines(), logging.getLogger("guanxi")
    request, former = logging.getLogger("guanxi.request"), logging.getLogger("guanxi.request").level
    logger.addHandler(handler)
    request.setLevel(logging.INFO)
    yield handler
    logger.removeHandler(handler)
    request.setLevel(former)


def test_each_request_leaves_a_line_without_names_and_values(world, browser, make_thing, log):
    thing = make_thing("成都川兴酒业", "li_wei")
    client = browser("li_wei")
    client.get(f"/room/thing/{thing.pk}/")
    client.get("/room/thing/?q=成都川兴酒业")
    client.post("/login/", {"username": "li_wei", "password": "hunter2hunter2"})
    told = [json.loads(line) for line in log.lines]
    assert [(line["route"], line["method"], line["status"]) for line in told][:2] == [
        ("detail", "GET", 200),
        ("list", "GET", 200),
    ]
    assert told[0]["person"] == str(world["li_wei"].pk) and told[0]["queries"] > 0 and told[0]["milliseconds"] > 0
    assert len({line["request"] for line in told}) == len(told)
    for secret in ("成都", "li_wei", "hunter2", str(thing.pk)):
        assert all(secret not in line for line in log.lines), secret


def test_a_defect_shows_an_id_and_the_log_has_the_rest_under_that_id(db, monkeypatch, log):
    def broken(*given, **more):
        raise ZeroDivisionError("internal matters")

    monkeypatch.setattr("guanxi.web.login.render", broken)
    answer = Client(raise_request_exception=False).get("/login/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "internal matters" not in page and "ZeroDivisionError" not in page
    told = [json.loads(line) for line in log.lines]
    (defect,) = [line for line in told if "trace" in line]
    assert answer["X-Request-Id"] in page and defect["request"] == answer["X-Request-Id"]
    assert "internal matters" in defect["trace"] and Path(__file__).name in defect["trace"]


FULL, AWAY = "database or disk is full", "connection refused"


@pytest.mark.parametrize(("said", "status", "told"), [(FULL, 507, "磁盘"), (AWAY, 503, "数据库")])
def test_an_outage_is_told_as_what_it_is(db, monkeypatch, log, said, status, told):
    def broken(*given, **more):
        raise OperationalError(said)

    monkeypatch.setattr("guanxi.web.login.render", broken)
    answer = Client(raise_request_exception=False).get("/login/")
    assert answer.status_code == status and told in answer.content.decode()
    assert said not in answer.content.decode() and any(said in line for line in log.lines)
    part = Client(raise_request_exception=False, headers={"HX-Request": "true"}).get("/login/")
    assert part.status_code == status and "<html" not in part.content.decode()
    monkeypatch.setattr("guanxi.api.door.context_of", broken)
    problem = Client().get("/api/v1/modules")
    assert problem.status_code == status and problem.json()["code"] in ("away", "no_room")
