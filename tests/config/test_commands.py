"""The command line: its words, its language, its exit codes."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from guanxi.config import cli
from guanxi.config.commands import database, trail
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Role
from guanxi.platform.audit.verification import VerifyReport


def test_language_follows_the_terminal(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert cli.language() == "zh-hans"
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert cli.language() == "en"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert cli.language() == "zh-hans"


@pytest.mark.django_db
def test_a_prepared_database_is_up_to_date(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert database.open_migrations() == 0
    assert cli.main(["migrate"]) == 0
    first, roles, processes, rules, papers, stages, reports, templates, nobody = capsys.readouterr().out.splitlines()
    assert first == "The database is up to date."
    assert int(roles.split()[0]) > 13 and Role.objects.filter(code="account_manager").exists()
    assert processes == "12 processes were installed."
    assert (rules, papers) == ("2 approval rules were installed.", "8 required papers were installed.")
    assert (stages, templates) == ("6 stages of sales were installed.", "4 mail templates were installed.")
    assert reports == "26 reports were installed."
    assert "guanxi person add" in nobody
    assert cli.main(["migrate"]) == 0
    assert capsys.readouterr().out.splitlines() == [first, nobody]


@pytest.mark.django_db
def test_a_database_that_saw_what_was_folded_needs_no_more_than_a_note(monkeypatch):
    folded = MigrationLoader(None).disk_migrations["records", "0001_first_version"]
    seen = MigrationRecorder.Migration.objects
    seen.filter(app="records", name__in=["0001_first_version", *(name for _app, name in folded.replaces)]).delete()
    seen.bulk_create(MigrationRecorder.Migration(app=app, name=name) for app, name in folded.replaces)
    assert database.open_migrations() == 1
    assert cli.main(["migrate"]) == 0
    assert database.open_migrations() == 0


@pytest.mark.django_db
def test_an_older_database_is_noticed_and_refused(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    assert database.open_migrations() > 0
    assert cli.main(["worker"]) == 1
    assert "guanxi migrate" in capsys.readouterr().err


@pytest.mark.django_db
def test_verifying_the_trail_says_what_it_found(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert cli.main(["audit", "verify", "--no-anchors"]) == 0
    assert capsys.readouterr().out.startswith("0 entries are sealed and unbroken")
    broken = VerifyReport(False, 7, problem=Message("Audit entry %(entry)s was changed.", entry=8))
    monkeypatch.setattr(trail, "verify", lambda anchors: broken)
    assert cli.main(["audit", "verify"]) == 1
    assert capsys.readouterr().err == "Audit entry 8 was changed.\n"


def test_routes_name_what_answers(capsys):
    assert cli.main(["routes", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"methods", "pattern", "name", "policy", "view"} == set(found[0])
    assert {"methods": "PATCH", "pattern": "/api/v1/customers/customer/{id}"}.items() <= next(
        route for route in found if route["name"] == "api:customers_customer_edit"
    ).items()
    by_name = {route["name"]: (route["methods"], route["policy"]) for route in found}
    assert by_name["login"] == ("GET POST", "public")
    assert by_name["settings_save"] == ("POST", "signed-in") and by_name["list"][1] == "record-type"
    assert by_name["api:customers_customer_edit"] == ("PATCH", "token-or-session")
    assert cli.main(["routes"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(found)


def test_misspelt_words_are_refused(capsys):
    with pytest.raises(SystemExit) as ending:
        cli.main(["serv"])
    assert ending.value.code == 2
    assert "serv" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough_is_no_defect(tmp_path):
    """`guanxi routes | head -c 4`: quiet, and no traceback."""
    environment = os.environ | {"GUANXI_DATA": str(tmp_path), "GUANXI_SQLITE": str(tmp_path / "none.sqlite3")}
    command = [sys.executable, "-m", "guanxi.config.cli", "routes"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (141, b"")
