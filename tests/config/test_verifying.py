"""`guanxi verify`: a whole installation passes every check; each break is found by its check and by no other."""

import json
import os
import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as active
from django.db import connection

from guanxi.config import cli
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import AccessGrant, PersonRole, Role
from guanxi.platform.audit.chain import seal_pending
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import remove_orphans, store
from guanxi.platform.jobs.models import Job, OutboxMessage, Quarantine, ScheduledRun, WorkerPulse
from guanxi.platform.people.models import Person
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.verify import checks, database
from guanxi.platform.verify.checks import check, registered, run_checks
from guanxi.platform.workflow import running, versions
from guanxi.records import derived, registry
from guanxi.records.actions import run
from guanxi.records.models import SearchEntry
from guanxi.records.standard import action_of, edit
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.queries import refresh_figures
from guanxi.rooms.processes.public import install_processes
from tests.makers import make
from tests.people import World
from tests.stored import path_of


@pytest.fixture
def whole(world: World, settings, tmp_path) -> World:
    """A company with two customers and what may belong to them; nothing is wrong with it."""
    settings.DATA = tmp_path
    ctx = world.ctx("sales_manager")
    for name in ("成都川兴酒业有限公司", "重庆江北商贸有限公司"):
        customer = make(ctx, "customers.customer", world["li_wei"], name=name)
    make(ctx, "customers.contact", world["li_wei"], customer=customer)
    make(ctx, "customers.contribution", world["li_wei"])
    make(ctx, "engagement.visitreport", world["li_wei"], customer=customer)
    store(b"kept", "note.txt", world["li_wei"], world.now, module="customers.customer", record_id=customer.pk)
    AccessGrant.objects.create(
        person=world["clerk"], module="customers.customer", record_id=customer.pk, reason="x",
        valid_from=world.now, valid_until=world.now + timedelta(days=1),
    )  # fmt: skip
    Job.objects.create(kind="x", title="x", created_at=world.now, enqueue_at=world.now)
    OutboxMessage.objects.create(kind="email", next_try_at=world.now, created_at=world.now)
    ScheduledRun.objects.create(name="audit.seal", next_run_at=world.now)
    WorkerPulse.objects.create(worker="w", host="h", process=1, begun_at=world.now, seen_at=world.now)
    ParameterValue.objects.create(
        name="customers.quiet_days", value=30, valid_from=world.now.date(), reason="x", created_at=world.now
    )
    install_processes(world.now)
    running.start(versions.in_use("approval.superior"), world["li_wei"], "试验", world.now)
    refresh_figures(Customer.objects.values_list("pk", flat=True), world.now.date())
    connection.check_constraints()
    seal_pending()
    return world


def broken(*names: str) -> dict[str, tuple[Message, ...]]:
    """The checks that find something, with what they find."""
    verdicts = run_checks(names, second_look_seconds=0)
    return {verdict.check.name: verdict.findings for verdict in verdicts if not verdict.ok}


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def key(pk: uuid.UUID) -> object:
    return pk if connection.vendor == "postgresql" else pk.hex


def second_administration() -> None:
    person, role = Person.objects.get(username="audit_admin"), Role.objects.get(code="system_admin")
    PersonRole.objects.create(person=person, role=role)


def without_trigger() -> None:
    table = " ON audit_auditentry" if connection.vendor == "postgresql" else ""
    sql(f"DROP TRIGGER audit_auditentry_no_update{table}")


def number_twice() -> None:
    first, second = Customer.objects.order_by("pk")[:2]
    sql("UPDATE customers_customer SET number = %s WHERE id = %s", first.number, key(second.pk))


def unaudited() -> None:
    customer = Customer.objects.first()
    assert customer is not None
    former, customer.pk = customer.pk, uuid.uuid4()
    customer._state.adding = True
    customer.name, customer.number = "从天而降有限公司", "KH-X"
    customer.save(force_insert=True)
    derived.add(registry.entry("customers.customer"), [customer])
    assert former != customer.pk


LATE = datetime(2026, 11, 1, tzinfo=UTC)
BREAKS: dict[str, Callable[[], object]] = {
    "access.separation": second_administration,
    "audit.protection": without_trigger,
    "compliance.figures": lambda: sql(
        "INSERT INTO compliance_monthfigures (month, clause, kept, late, broken, refused, warned, waived, approved,"
        " declined) VALUES ('2026-11-01', 'ARC-01', 1, 0, 0, 0, 0, 0, 0, 0)"
    ),
    "customers.figures": lambda: sql("UPDATE customers_customer SET last_contact_on = '2020-01-01'"),
    "files.intact": lambda: path_of(StoredFile.objects.get()).write_bytes(b"else"),
    "jobs.moving": lambda: Job.objects.update(enqueue_at=LATE),
    "jobs.outbox": lambda: OutboxMessage.objects.update(next_try_at=LATE),
    "jobs.schedules": lambda: sql("UPDATE jobs_scheduledrun SET last_error = 'ValueError'"),
    "obligations.known": lambda: sql("UPDATE obligations_obligation SET duty = 'customers.forgotten'"),
    "obligations.lateness": lambda: sql(
        "UPDATE obligations_obligation SET state = 'late', discharged_at = '2026-11-20 00:00:00+00:00'"
    ),
    "people.tree": lambda: sql("UPDATE people_department SET path = '/x/' WHERE code = 'store'"),
    "policy.values": lambda: sql("UPDATE policy_parametervalue SET value = '\"many\"'"),
    "records.audited": unaudited,
    "records.duplicates": lambda: sql("DELETE FROM records_duplicatekey WHERE module = 'customers.customer'"),
    "records.numbers": number_twice,
    "records.owners": lambda: sql("UPDATE engagement_visitreport SET department_id = NULL"),
    "records.references": lambda: sql("UPDATE access_accessgrant SET record_id = %s", key(uuid.UUID(int=7))),
    "records.search": lambda: sql("UPDATE records_searchentry SET title = 'x' WHERE module = 'customers.contact'"),
    "workflow.versions": lambda: sql(
        "UPDATE workflow_processversion SET diagram = '<no process/>' WHERE key = 'approval.countersigned'"
    ),
    "workflow.waiting": lambda: sql("UPDATE workflow_workitem SET state = 'needless'"),
    "records.states": lambda: sql("UPDATE engagement_visitreport SET state = 'nowhere'"),
}
#: Broken in tests of their own: the sealed chain, files nobody knows, and what SQLite itself would refuse.
ELSEWHERE = {"audit.chain", "files.orphans", "database.whole", "database.links"}


def test_every_check_is_broken_by_some_test():
    assert {each.name for each in registered()} == set(BREAKS) | ELSEWHERE


def test_nothing_is_wrong_with_a_whole_installation(whole):
    assert broken() == {}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_break_is_found_by_its_check_alone(whole, name):
    BREAKS[name]()
    found = broken()
    assert set(found) == {name}
    assert all(str(finding) for finding in found[name])


def test_a_changed_entry_and_a_lost_anchor_break_the_chain(whole):
    without_trigger()
    sql("UPDATE audit_auditentry SET reason = 'forged' WHERE id = (SELECT min(id) FROM audit_auditentry)")
    assert set(broken()) == {"audit.chain", "audit.protection"}


def test_a_file_that_nobody_knows_is_found_once_it_should_have_been_cleared_away(whole, tmp_path):
    stray = tmp_path / "files" / "ab" / "cd" / ("ab" + "0" * 30)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"left behind")
    for days, expected in ((1, set()), (3, {"files.orphans"})):
        moment = whole.now.timestamp() - days * 86400
        os.utime(stray, (moment, moment))
        assert set(broken()) == expected
    assert remove_orphans() == 1
    assert broken() == {}


def test_a_missing_file_is_found(whole):
    path_of(StoredFile.objects.get()).unlink()
    assert set(broken()) == {"files.intact"}


def test_standing_still_is_no_fault_of_the_data_without_a_worker(whole):
    BREAKS["jobs.moving"]()
    BREAKS["jobs.outbox"]()
    assert set(broken()) == {"jobs.moving", "jobs.outbox"}
    Quarantine.objects.create(since=whole.now, backup_made_at=whole.now)
    assert set(broken()) == {"jobs.moving"}
    WorkerPulse.objects.all().delete()
    assert broken() == {}


def test_the_database_names_its_own_damage(whole, monkeypatch):
    said = {
        "PRAGMA integrity_check(100)": [("row 3 missing from index customer_name",)],
        "PRAGMA foreign_key_check": [("customers_contact", 7, "customers_customer", 0)],
        database._UNPROVEN: [("customers_contact", "contact_customer_fk")],
    }
    monkeypatch.setattr(database, "_rows", said.__getitem__)
    expected = {"database.whole", "database.links"} if connection.vendor == "sqlite" else {"database.whole"}
    assert set(broken()) == expected


@pytest.mark.skipif(active.DATABASES["default"]["ENGINE"].endswith("postgres"), reason="damages a SQLite file")
def test_sqlite_sees_a_link_to_nowhere_and_a_damaged_page(tmp_path, monkeypatch):
    path = tmp_path / "damaged.sqlite3"
    made = sqlite3.connect(path)
    made.executescript(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); CREATE INDEX i ON a (t);"
        "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id));"
    )
    made.executemany("INSERT INTO a VALUES (?, ?)", [(n, f"text {n}") for n in range(2000)])
    made.execute("INSERT INTO b VALUES (1, 99999)")
    made.commit()
    made.close()

    def rows(statement: str):
        with sqlite3.connect(path) as opened:
            return opened.execute(statement).fetchall()

    monkeypatch.setattr(database, "_rows", rows)
    assert [finding.plain for finding in database.links_lead_somewhere()] == ["b, row 1: its a does not exist."]
    assert list(database.whole_database()) == []
    content = bytearray(path.read_bytes())
    place = content.rfind(b"text 1500")
    content[place : place + 9] = b"text 0000"
    Path(path).write_bytes(content)
    assert list(database.whole_database())


def test_what_was_only_in_flight_is_no_finding(whole, monkeypatch):
    looks = iter([[Message("in flight"), Message("stays")], [Message("stays")]])
    monkeypatch.setattr(checks, "_checks", {})
    check("test.flight", "x")(lambda: next(looks))
    (verdict,) = run_checks(second_look_seconds=0.01)
    assert verdict.findings == (Message("stays"),) and verdict.found == 1


def test_a_check_that_cannot_run_is_a_finding(monkeypatch):
    monkeypatch.setattr(checks, "_checks", {})

    @check("test.broken", "x")
    def look():
        raise ZeroDivisionError

    (verdict,) = run_checks(second_look_seconds=0)
    assert not verdict.ok and "ZeroDivisionError" in verdict.findings[0].plain
    with pytest.raises(ValueError, match="twice"):
        check("test.broken", "x")
    with pytest.raises(LookupError):
        run_checks(["test.unknown"])


def test_the_command_tells_in_words_and_in_json(whole, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setattr(checks, "SECOND_LOOK_SECONDS", 0)
    assert cli.main(["verify", "records.search", "people.tree"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "All 2 checks hold."
    BREAKS["people.tree"]()
    assert cli.main(["verify", "people.tree", "records.search"]) == 1
    told = capsys.readouterr().out
    assert "✗ people.tree" in told and "    Department store: its place in the tree is wrong." in told
    assert cli.main(["verify", "--json", "people.tree"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is False and report["checks"][0]["found"] == 1
    assert cli.main(["verify", "nothing.such"]) == 1
    assert "people.tree" in capsys.readouterr().err
    assert cli.main(["verify", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(registered())


def test_reindexing_mends_search_and_duplicates(whole, capsys):
    BREAKS["records.duplicates"]()
    sql("DELETE FROM records_searchentry WHERE module = 'customers.customer'")
    SearchEntry.objects.create(module="customers.contact", record_id=uuid.UUID(int=9), title="x", text="x", grams="x")
    assert set(broken()) == {"records.duplicates", "records.search"}
    assert cli.main(["reindex"]) == 0
    assert broken() == {}


def test_records_follow_their_owner_into_another_department(whole):
    edit(whole.ctx("system_admin"), "people.person", whole["li_wei"].pk, department=whole.departments["east"])
    assert set(Customer.objects.values_list("department__code", flat=True)) == {"east"}
    assert broken() == {}


def test_what_names_a_record_goes_when_the_record_goes_for_good(whole):
    customer = Customer.objects.get(name="重庆江北商贸有限公司")
    for name, actor in (("delete", "sales_manager"), ("purge", "archivist")):
        action = action_of(registry.module("customers.customer"), name)
        assert action is not None
        run(action, whole.ctx(actor), "customers.customer", customer.pk)
    assert not StoredFile.objects.exists() and not AccessGrant.objects.exists()
    assert broken() == {}
