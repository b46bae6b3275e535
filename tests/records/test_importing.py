"""Importing: checked without a trace, written exactly once with the importer's own rights, taken back on demand."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import PersonRole
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.platform.people.models import Person
from guanxi.records import problems, registry, steps
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.importing import applying, running
from guanxi.records.importing.mapping import Suggestion, suggest
from guanxi.records.importing.reading import read
from guanxi.records.importing.refused import refused_file
from guanxi.records.importing.running import apply, begin, check, import_file, run_of, set_mapping, suggestions, undo
from guanxi.records.models import ImportRow, ImportRun, SearchEntry
from guanxi.records.standard import create, edit
from guanxi.rooms.processes.public import install_processes
from tests.digest import digest
from tests.people import NOW, World
from tests.records.tables import workbook
from tests.room.models import Crumb, Thing
from tests.stored import path_of

THING = registry.module("room.thing")
STAGED = ("created", "updated", "skipped", "problem", "pending", "duplicate")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def uploaded(world: World, who: str, content: bytes, name: str = "things.xlsx") -> StoredFile:
    return store(content, name, world[who], NOW, StoredFile.Kind.IMPORT)


def done(job: Job) -> Job:
    assert run_job(job.pk)
    job.refresh_from_db()
    return job


def checked(world: World, who: str, *rows: Any, mapping: dict[int, str]) -> ImportRun:
    """A run of a workbook with these rows, checked."""
    ctx = world.ctx(who)
    run = begin(ctx, THING, uploaded(world, who, workbook(*rows)))
    set_mapping(ctx, run, run.sheet, "", None, mapping)
    assert done(check(ctx, run)).state == "done", Job.objects.get().error
    return run_of(ctx, run.pk)


def applied(world: World, who: str, run: ImportRun, **options: Any) -> ImportRun:
    job = done(apply(world.ctx(who), run, **options))
    assert job.state == "done", job.error
    return run_of(world.ctx(who), run.pk)


def test_rows_that_wait_for_approval_are_told_apart_and_lead_to_their_requests(world: World, client: Any) -> None:
    install_processes(world.now)
    ApprovalRule.objects.create(
        name="大件", module=THING.key, action="create", process="approval.sales_manager", valid_from="2026-01-01",
        condition={"field": "name", "op": "equals", "value": "Big"},
    )  # fmt: skip
    run = checked(world, "li_wei", ["name", "pieces"], ["Big", 1], ["Small", 2], mapping={0: "name", 1: "pieces"})
    job = done(apply(world.ctx("li_wei", reason="展会收集"), run))
    run.refresh_from_db()
    assert job.result["waiting"] == 1 and run.summary == {"created": 1, "waiting": 1}
    row, pending = run.rows.get(state="waiting"), PendingAction.objects.get()
    assert (problems.request_of(row.problems), pending.reason) == (str(pending.pk), "展会收集")
    client.force_login(world["li_wei"])
    page = client.get(f"/room/thing/import/{run.pk}/").content.decode()
    assert f"/approvals/pendingaction/{pending.pk}/" in page and "待审批" in page
    told = client.get(f"/api/v1/room/thing/import/{run.pk}/rows?state=waiting").json()["items"]
    assert [item["request"] for item in told] == [str(pending.pk)]
    assert not Thing.objects.filter(name="Big").exists()
    with pytest.raises(Conflict):  # there is nothing to be corrected
        refused_file(world.ctx("li_wei"), run)


def rows_of(run: ImportRun) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Line, state, and what is wrong with each row."""
    return [
        (row.line, row.state, [(name, message.plain) for name, message in problems.messages(row.problems)])
        for row in run.rows.order_by("line")
    ]


def test_every_kind_of_cell_arrives_as_it_was_meant(world: World) -> None:
    keeper, whole = world["wang_fang"], create(world.ctx("li_wei"), THING, name="Whole")
    headings = ["物品名称", "code", "size", "colours", "pieces", "weight", "price", "discount", "made on", "seen at",
                "fragile", "phone", "e-mail", "part of", "keeper", "tags", "owner"]  # fmt: skip
    when = datetime.datetime(2026, 3, 4, 5, 6)  # noqa: DTZ001 - spreadsheets know no zones
    row = ["杯子", "C-1", "small", "Red、blue", 12, 1.125, 1234.5, "12.5%", datetime.date(2026, 2, 28), when,
           "是", 13800138000, "A@b.cn", "Whole", "王芳", "易碎，玻璃", "li_wei"]  # fmt: skip
    ctx = world.ctx("li_wei")
    run = begin(ctx, THING, uploaded(world, "li_wei", workbook(headings, row)))
    found = suggestions(ctx, run)
    assert [suggestion.field for suggestion in found] == [
        "name", "code", "size", "colours", "pieces", "weight", "price", "discount", "made_on", "seen_at",
        "fragile", "phone", "email", "part_of", "keeper", "tags", "owner",
    ]  # fmt: skip
    set_mapping(ctx, run, "", "", None, {suggestion.column: suggestion.field for suggestion in found})
    before = Thing.objects.count()
    done(check(ctx, run))
    assert rows_of(run) == [(2, "pending", [])]
    assert Thing.objects.count() == before
    run = applied(world, "li_wei", run)
    assert (run.state, run.summary, run.total) == ("done", {"created": 1}, 1)
    thing = Thing.objects.get(name="杯子")
    assert (thing.code, thing.size, thing.colours, thing.pieces) == ("C-1", "s", ("red", "blue"), 12)
    assert (thing.weight, thing.price, thing.discount) == (Decimal("1.125"), Decimal("1234.50"), Decimal("12.5"))
    assert thing.made_on == datetime.date(2026, 2, 28)
    assert thing.seen_at == datetime.datetime(2026, 3, 3, 21, 6, tzinfo=datetime.UTC)
    assert (thing.fragile, thing.phone, thing.email) == (True, "13800138000", "A@b.cn")
    assert (thing.part_of, thing.keeper, thing.tags) == (whole, keeper, ("易碎", "玻璃"))
    assert thing.owner == world["li_wei"]
    assert thing.department == world.departments["southwest"]
    entry = AuditEntry.objects.get(record_id=thing.pk)
    assert (entry.action, entry.source, entry.batch, entry.actor) == ("create", "import", run.pk, world["li_wei"])
    total = AuditEntry.objects.get(action="import")
    assert (total.batch, total.changes["rows"], total.changes["sha256"]) == (run.pk, [None, 1], [None, run.file.sha256])


@pytest.mark.parametrize(
    ("heading", "cell", "yuan"),
    [
        ("单价（万元）", "12.5", "125000"),
        ("单价(万元)", 3, "30000"),
        ("注册资金 亿元", "0.5", "50000000"),
        ("单价（万元）", "800元", "800"),
        ("单价（万元）", "2万", "20000"),
        ("单价", "12.5", "12.50"),
        ("万元户单价", "7", "7"),
    ],
)
def test_a_heading_that_gives_the_unit_of_money_is_heeded(world: World, heading: str, cell: Any, yuan: str) -> None:
    run = checked(world, "li_wei", ["名称", heading], ["瓶", cell], mapping={0: "name", 1: "price"})
    applied(world, "li_wei", run)
    assert Thing.objects.get(name="瓶").price == Decimal(yuan)


def test_the_importing_salesperson_owns_what_names_nobody(world: World) -> None:
    run = checked(world, "li_wei", ("name", "x"), ("Cup", ""), mapping={0: "name"})
    applied(world, "li_wei", run)
    assert Thing.objects.get(name="Cup").owner == world["li_wei"]


def test_the_check_says_what_is_wrong_in_each_row_and_writes_nothing(world: World) -> None:
    hidden = create(world.ctx("wang_fang"), THING, name="Hidden", email="h@x.cn")
    create(world.ctx("li_wei"), THING, name="Known")
    ctx = world.ctx("li_wei")
    headings = ("name", "made on", "price", "part of", "pieces", "owner", "e-mail", "code")
    file = workbook(
        headings,
        ("Good", datetime.date(2026, 1, 1), 5, None, None, None, None, "A"),
        ("Day", "2026-02-30", "abc", None, None, None, None, None),
        (None, None, 1.234, None, None, None, None, None),
        ("Foreign", None, None, str(hidden.pk), None, None, None, None),
        ("Heavy", None, None, None, 1001, None, None, None),
        ("Theirs", None, None, None, None, "王芳", None, None),
        ("Known", None, None, None, None, None, None, None),
        ("good", None, None, None, None, None, None, "A"),
        ("Good", None, None, None, None, None, None, None),
        ("Strict", None, None, None, None, None, "H@X.cn", None),
        ("Long", None, None, None, None, None, None, 12345678901234567890),
    )
    run = begin(ctx, THING, uploaded(world, "li_wei", file))
    set_mapping(ctx, run, "", "", None, dict(enumerate(
        ("name", "made_on", "price", "part_of", "pieces", "owner", "email", "code"))))  # fmt: skip
    things, audit = Thing.objects.count(), AuditEntry.objects.count()
    done(check(ctx, run))
    assert (Thing.objects.count(), AuditEntry.objects.count()) == (things, audit)
    run = run_of(ctx, run.pk)
    assert run.summary == {"pending": 1, "problem": 7, "duplicate": 3}
    assert rows_of(run) == [
        (2, "pending", []),
        (3, "problem", [("made_on", "There is no such day: 2026-02-30."),
                        ("price", "“abc” is not an amount of money.")]),
        (4, "problem", [("price", "“1.234” is more exact than one fen (0.01 yuan)."),
                        ("name", "name must be filled in.")]),
        (5, "problem", [("part_of", "There is no “?” that you may choose.")]),
        (6, "problem", [("", "1001 pieces are too many.")]),
        (7, "problem", [("owner", "You may not enter records for 王芳.")]),
        (8, "duplicate", []),
        (9, "problem", [("code", "“A” is already in use.")]),
        (10, "duplicate", []),
        (11, "duplicate", []),
        (12, "problem", [("code", "The spreadsheet has rounded this long number to 15 digits: 1.23456789012346E+19. "
                                  "Format the column as text.")]),
    ]  # fmt: skip
    marks = {row.line: row.duplicates for row in run.rows.filter(state="duplicate")}
    assert [mark["rule"] for mark in marks[8]] == ["name"]
    assert marks[10] == [{"record": None, "line": 2, "rule": "name"}]
    assert marks[11] == [{"record": str(hidden.pk), "line": None, "rule": "email"}]


@pytest.mark.parametrize(
    ("answer", "summary", "names"),
    [
        ("skip", {"created": 1, "skipped": 2}, ["Cup", "New"]),
        ("create", {"created": 3}, ["Cup", "Cup", "New", "New"]),
        ("update", {"created": 1, "updated": 2}, ["Cup", "New"]),
    ],
)
def test_duplicates_are_treated_as_answered(world: World, answer: str, summary: dict, names: list[str]) -> None:
    create(world.ctx("li_wei"), THING, name="Cup", pieces="1", notes="old")
    run = checked(world, "li_wei", ("name", "pieces"), ("Cup", 5), ("New", 7), ("New", 9),
                  mapping={0: "name", 1: "pieces"})  # fmt: skip
    assert run.summary == {"duplicate": 2, "pending": 1}
    run = applied(world, "li_wei", run, duplicates=answer)
    assert run.summary == summary
    assert sorted(Thing.objects.values_list("name", flat=True)) == names
    if answer == "update":
        cup = Thing.objects.get(name="Cup")
        assert (cup.pieces, cup.notes, cup.version) == (5, "old", 2)
        assert Thing.objects.get(name="New").pieces == 9


def test_an_update_finds_its_record_by_number_and_keeps_within_the_rights(world: World) -> None:
    own = create(world.ctx("li_wei"), THING, name="Own")
    other = create(world.ctx("wang_fang"), THING, name="Other")
    run = checked(world, "li_wei", ("number", "name"), (own.number, "Renamed"), (other.number, "Stolen"),
                  mapping={0: "number", 1: "name"})  # fmt: skip
    run = applied(world, "li_wei", run, duplicates="update")
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.name, other.name) == ("Renamed", "Other")
    assert rows_of(run) == [
        (2, "updated", []),
        (3, "problem", [("", "This record does not exist, or you may not see it.")]),
    ]


def test_an_import_needs_its_right_and_belongs_to_who_began_it(world: World) -> None:
    stored = uploaded(world, "clerk", workbook(("name", "x"), ("a", "b")))
    before = digest()
    with pytest.raises(NotAllowed):
        begin(world.ctx("storekeeper"), THING, stored)
    with pytest.raises(NotFound):
        begin(world.ctx("li_wei"), THING, stored)
    assert digest() == before
    run = checked(world, "li_wei", ("name", "x"), ("Cup", "b"), mapping={0: "name"})
    with pytest.raises(NotFound):
        run_of(world.ctx("wang_fang"), run.pk)
    with pytest.raises(NotFound):
        apply(world.ctx("wang_fang"), run)
    # The right is asked for again when the job runs.
    job = apply(world.ctx("li_wei"), run)
    PersonRole.objects.filter(person=world["li_wei"]).delete()
    assert done(job).state == "failed"
    assert not Thing.objects.exists()
    assert ImportRun.objects.get(pk=run.pk).state == "failed"


def test_a_mapping_is_checked(world: World) -> None:
    ctx = world.ctx("li_wei")
    run = begin(ctx, THING, uploaded(world, "li_wei", workbook(("名称", "备注"), ("a", "b"))))
    for mapping, said in (
        ({}, "Assign at least one column to a field."),
        ({0: "name", 1: "name"}, "Two columns are assigned to name; choose one."),
        ({0: "name", 1: "version"}, "There is no field “version” to import into."),
        ({0: "name", 1: "picture"}, "There is no field “picture” to import into."),
        ({0: "name", 7: "notes"}, "The file has no column 7."),
        ({1: "notes"}, "These fields must be filled in and have no column: name."),
    ):
        with pytest.raises(Invalid) as caught:
            set_mapping(ctx, run, "", "", None, mapping)
        assert caught.value.message.plain == said
    with pytest.raises(Conflict):
        check(ctx, run)
    assert set_mapping(ctx, run, "", "", None, {"0": "name", "1": ""}).mapping == {"0": "name"}


def test_choices_are_remembered_the_own_before_anybodys(world: World) -> None:
    ctx, other = world.ctx("li_wei"), world.ctx("wang_fang")
    run = begin(ctx, THING, uploaded(world, "li_wei", workbook(("Alpha", "Beta"), ("a", "b"))))
    assert [found.field for found in suggestions(ctx, run)] == ["", ""]
    set_mapping(ctx, run, "", "", None, {0: "name", 1: "notes"})
    assert suggest(other, THING, ["beta", "ALPHA "]) == [
        Suggestion(0, "beta", "notes", 0.96), Suggestion(1, "ALPHA ", "name", 0.96),
    ]  # fmt: skip
    run = begin(other, THING, uploaded(world, "wang_fang", workbook(("Beta", "Alpha"), ("a", "b"))))
    set_mapping(other, run, "", "", None, {0: "name", 1: "notes"})
    assert [found.field for found in suggest(other, THING, ["Alpha", "Beta"])] == ["notes", "name"]
    assert [found.field for found in suggest(ctx, THING, ["Alpha", "Beta"])] == ["name", "notes"]


def test_content_gives_columns_away(world: World) -> None:
    rows = [["13800138000", "a@b.cn", "2026-01-02"], ["028-86754321", "c@d.cn", "2026年1月3日"]]
    found = suggest(world.ctx("li_wei"), THING, ["?", "??", "日子"], rows)
    assert [suggestion.field for suggestion in found] == ["phone", "email", "made_on"]
    assert [suggestion.field for suggestion in suggest(world.ctx("li_wei"), THING, ["电话"], [["x"]])] == [""]


class Killed(BaseException):
    """The worker dies."""


def test_a_killed_import_goes_on_and_writes_every_row_once(world: World, monkeypatch) -> None:
    monkeypatch.setattr(applying, "CHUNK", 10)
    run = checked(world, "li_wei", ("name", "x"), *[(f"Thing {n:02}", "") for n in range(35)], mapping={0: "name"})
    job = apply(world.ctx("li_wei"), run)
    saved, chunks = applying.save_rows, []

    def dies_in_the_third(rows) -> None:
        saved(rows)
        chunks.append(len(rows))
        if len(chunks) == 3:
            raise Killed

    monkeypatch.setattr(applying, "save_rows", dies_in_the_third)
    with pytest.raises(Killed):
        run_job(job.pk)
    assert Thing.objects.count() == 20
    monkeypatch.setattr(applying, "save_rows", saved)
    Job.objects.filter(pk=job.pk).update(state="queued")  # what the rescue does with a silent job
    assert done(job).state == "done"
    assert Thing.objects.count() == 35
    assert sorted(Thing.objects.values_list("name", flat=True)) == [f"Thing {n:02}" for n in range(35)]
    assert run_of(world.ctx("li_wei"), run.pk).summary == {"created": 35}
    assert AuditEntry.objects.filter(batch=run.pk, action="create").count() == 35
    with pytest.raises(Conflict):
        apply(world.ctx("li_wei"), run)


def test_a_bad_row_does_not_hold_up_the_others(world: World) -> None:
    """A strict duplicate that came into being after the check is found when it is written."""
    run = checked(world, "li_wei", ("name", "e-mail"), *[(f"T{n}", f"t{n}@x.cn") for n in range(9)],
                  mapping={0: "name", 1: "email"})  # fmt: skip
    create(world.ctx("wang_fang"), THING, name="Sudden", email="t4@x.cn")
    run = applied(world, "li_wei", run, duplicates="create")
    assert run.summary == {"created": 8, "problem": 1}
    assert "Possibly the same" in rows_of(run)[4][2][0][1]


def test_an_import_is_taken_back_except_what_was_touched_since(world: World) -> None:
    ctx = world.ctx("li_wei")
    old = create(ctx, THING, name="Old", pieces="1", price="9.99", colours="red", made_on="2026-01-01", keeper="李伟",
                 seen_at="2026-01-01 08:00")  # fmt: skip
    moment = old.seen_at
    rows = [("name", "pieces", "price", "colours", "made on", "keeper", "seen at"),
            ("Old", 5, 1, "Blue", "2027-01-01", "王芳", "2027-01-01 09:00"), ("Old", 6, None, None, None, None, None),
            ("Free", 1), ("Touched", 1), ("Fed", 1), ("Binned", 1)]  # fmt: skip
    mapping = dict(enumerate(("name", "pieces", "price", "colours", "made_on", "keeper", "seen_at")))
    run = applied(world, "li_wei", checked(world, "li_wei", *rows, mapping=mapping), duplicates="update")
    assert run.summary == {"updated": 2, "created": 4}
    edit(ctx, THING, Thing.objects.get(name="Touched"), notes="by hand")
    create(ctx, "room.crumb", thing=Thing.objects.get(name="Fed"), name="Crumb")
    job = done(undo(ctx, run))
    assert job.state == "done", job.error
    run = run_of(ctx, run.pk)
    assert (run.state, run.summary) == ("undone", {"undone": 4, "kept": 2})
    old.refresh_from_db()
    assert (old.pieces, old.price, old.colours, old.seen_at) == (1, Decimal("9.99"), ("red",), moment)
    assert (old.made_on, old.keeper, old.deleted_at) == (datetime.date(2026, 1, 1), world["li_wei"], None)
    live = Thing.objects.filter(deleted_at=None)
    assert sorted(live.values_list("name", flat=True)) == ["Fed", "Old", "Touched"]
    assert SearchEntry.objects.filter(module="room.thing").count() == 3
    assert Crumb.objects.get().deleted_at is None
    said = {line: found[0][1] for line, state, found in rows_of(run) if state == "kept"}
    assert said == {5: "It has been changed since.", 6: "Other records have been added to it since."}
    with pytest.raises(Conflict):
        undo(ctx, run)


def test_refused_rows_come_back_as_a_file_that_can_be_imported_again(world: World) -> None:
    ctx = world.ctx("li_wei")
    content = b"name,price,made on\nGood,1,\n=Bad,abc,2026-01-02\n,2.5,\n"
    run = begin(ctx, THING, uploaded(world, "li_wei", content, "things.csv"))
    set_mapping(ctx, run, "", "", None, {0: "name", 1: "price", 2: "made_on"})
    done(check(ctx, run))
    table = read(refused_file(ctx, run))
    added = [str(Message("Import: row")), str(Message("Import: reason"))]
    assert table.headings == ["name", "price", "made on", *added]
    assert [row[:4] for row in table.rows] == [["=Bad", "abc", "2026-01-02", 3], [None, "2.5", None, 4]]
    assert [row[4].split(":")[0] for row in table.rows] == ["price", "name"]
    assert [found.field for found in suggest(ctx, THING, table.headings, table.rows)][:3] == [
        "name",
        "price",
        "made_on",
    ]
    run = checked(world, "li_wei", ("name", "x"), ("Fine", 1), mapping={0: "name"})
    with pytest.raises(Conflict):
        refused_file(ctx, run)
    with pytest.raises(NotFound):
        refused_file(world.ctx("wang_fang"), run)


def test_a_cancelled_import_keeps_what_it_wrote_and_can_go_on(world: World, monkeypatch) -> None:
    monkeypatch.setattr(applying, "CHUNK", 2)
    run = checked(world, "li_wei", ("name", "x"), *[(f"T{n}", "") for n in range(6)], mapping={0: "name"})
    ctx = world.ctx("li_wei")
    job = apply(ctx, run)
    saved = applying.save_rows

    def cancels(rows) -> None:
        saved(rows)
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)

    monkeypatch.setattr(applying, "save_rows", cancels)
    assert done(job).state == "cancelled"
    run = run_of(ctx, run.pk)
    assert (run.state, run.summary) == ("cancelled", {"created": 2, "pending": 4})
    with pytest.raises(Conflict):
        set_mapping(ctx, run, "", "", None, {0: "name"})
    monkeypatch.setattr(applying, "save_rows", saved)
    assert applied(world, "li_wei", run).summary == {"created": 6}


def test_a_queued_job_is_called_off_at_once(world: World) -> None:
    run = checked(world, "li_wei", ("name", "x"), ("Cup", ""), mapping={0: "name"})
    ctx = world.ctx("li_wei")
    job = apply(ctx, run)
    assert running.cancel(ctx, run).state == "cancelled"
    assert not run_job(job.pk)
    with pytest.raises(Conflict):
        running.cancel(ctx, run)
    assert not Thing.objects.exists()


def test_a_file_is_imported_at_once_for_the_command_line(world: World, tmp_path: Path) -> None:
    path = tmp_path / "客户.csv"
    path.write_bytes("物品名称,price,负责人\n杯子,12.50,王芳\n碗,x,\n".encode("gb18030"))
    run = import_file(
        world.system, "room.thing", path, mapping={"物品名称": "name", "price": "price", "负责人": "owner"}
    )
    assert (run.state, run.encoding, run.summary) == ("done", "gb18030", {"created": 1, "problem": 1})
    thing = Thing.objects.get()
    assert (thing.name, thing.price, thing.owner) == ("杯子", Decimal("12.50"), world["wang_fang"])
    again = import_file(world.system, THING, path, mapping={0: "name"})
    assert again.summary == {"skipped": 1, "created": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"not a workbook", workbook(("name", "x")), workbook([f"H{n}" for n in range(300)], range(300)),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_leaves_nothing(world: World, content: bytes) -> None:
    stored = StoredFile.objects.create(
        name="a.xlsx",
        size=len(content),
        path="aa/bb/x",
        sha256="0" * 64,
        content_type="x",
        kind="import",
        created_by=world["li_wei"],
    )
    place = path_of(stored)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    before = digest(audit=True)
    with pytest.raises(Exception) as caught:
        begin(world.ctx("li_wei"), THING, stored)
    assert caught.value.status in (413, 422)
    assert digest(audit=True) == before
    assert not ImportRow.objects.exists()
    assert Person.objects.filter(username="li_wei").exists()


def test_a_transaction_takes_on_as_much_as_others_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(steps.time, "monotonic", lambda: now[0])
    pace, sizes = steps.Pace(500), []
    for seconds_per_row in (1 / 8192,) * 4 + (1 / 256,) * 3 + (1.0,) * 2 + (1 / 1024,) * 5:
        sizes.append(pace.size)
        with pace.measured():
            now[0] += pace.size * seconds_per_row
    assert sizes == [100, 200, 400, 500, 500, 50, 50, 50, 50, 50, 100, 102, 102, 102]
    assert steps.Pace(2).size == 2
