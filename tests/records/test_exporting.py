"""Exporting: what the person may read, as types, harmless to spreadsheets, on record, and importable again."""

from __future__ import annotations

import csv
import datetime
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.platform.access.models import PersonRole
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import is_intact
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import export_cells, registry
from guanxi.records.actions import run_many
from guanxi.records.export_cells import ExportCells
from guanxi.records.exporting import all_columns, export_file, start_export, write_file
from guanxi.records.importing.reading import read
from guanxi.records.importing.running import import_file
from guanxi.records.listing import Query, columns_of
from guanxi.records.standard import CREATE, create
from guanxi.records.work import Item
from tests.digest import digest
from tests.people import World
from tests.records.tables import placed
from tests.room.models import Thing
from tests.stored import path_of

THING = registry.module("room.thing")
#: Everything a person enters; the rest (number, state, times) is the system's.
ENTERED = [spec.name for spec in registry.entry("room.thing").form_fields if spec.kind.name not in ("file", "data")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def exported(world: World, who: str, query: Query = Query(), columns: Any = (), **more: Any) -> tuple[Job, Path]:  # noqa: B008
    job = start_export(world.ctx(who, reason="for the auditor"), THING, query, columns, **more)
    assert run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job, path_of(StoredFile.objects.get(pk=job.result["file"]))


def opened(path: Path) -> Any:
    with path.open("rb") as content:
        return load_workbook(content)


def entered(thing: Thing) -> dict[str, Any]:
    thing.refresh_from_db()
    return {name: getattr(thing, name) for name in ENTERED}


def test_an_export_has_types_a_watermark_and_an_entry_in_the_audit(world: World) -> None:
    create(
        world.ctx("li_wei"), THING, name="=1+1", price="1234.50", made_on="2026-02-28", discount="12.5", notes="#N/A"
    )
    job, path = exported(world, "li_wei", Query(filters={"field": "made_on", "op": "from", "value": "2026-01-01"}),
                         ("name", "price", "made_on", "discount", "notes", "owner"))  # fmt: skip
    sheet = opened(path).active
    assert [cell.value for cell in sheet[1]] == [
        "name",
        "price",
        "made on",
        "discount",
        "notes",
        "负责人",  # in the language of the person whose export it is
    ]
    cells = sheet[2]
    assert [cell.data_type for cell in cells] == ["s", "n", "d", "n", "s", "s"]
    assert [cell.value for cell in cells] == ["=1+1", 1234.5, datetime.datetime(2026, 2, 28), 12.5, "#N/A", "李伟"]  # noqa: DTZ001
    assert cells[1].number_format == "#,##0.00"
    assert (sheet.freeze_panes, sheet["A1"].font.b) == ("A2", True)
    book = opened(path)
    mark = book.properties.description
    assert "李伟" in mark and str(job.pk) in mark and "2026-11-21 10:24" in mark
    assert book.active.oddFooter.left.text == mark
    assert book.properties.creator == "李伟"
    stored = StoredFile.objects.get(pk=job.result["file"])
    assert (stored.kind, stored.created_by, job.result["rows"]) == ("export", world["li_wei"], 1)
    assert is_intact(stored)
    entry = AuditEntry.objects.get(action="export")
    told = {name: change[1] for name, change in entry.changes.items()}
    assert (told["rows"], told["columns"], told["sha256"]) == (
        1, ["name", "price", "made_on", "discount", "notes", "owner"], stored.sha256
    )  # fmt: skip
    assert told["filter"]["filters"]["field"] == "made_on"
    assert (entry.actor, entry.module, entry.batch) == (world["li_wei"], "room.thing", job.pk)


def test_only_what_the_person_may_read_leaves_the_house(world: World) -> None:
    secret = create(world.ctx("wang_fang"), THING, name="Theirs")
    mine = create(world.ctx("li_wei"), THING, name="Mine")
    Thing.objects.filter(pk=mine.pk).update(part_of=secret)
    binned = create(world.ctx("li_wei"), THING, name="Binned")
    Thing.objects.filter(pk=binned.pk).update(deleted_at=binned.created_at)
    _job, path = exported(world, "li_wei", Query(), ("name", "part_of"), ids=[mine.pk, secret.pk, binned.pk, "x"])
    assert [[cell.value for cell in row] for row in opened(path).active][1:] == [["Mine", None]]
    _job, path = exported(world, "general_manager", Query(sort="name"), ("name", "part_of"))
    assert [[cell.value for cell in row] for row in opened(path).active][1:] == [["Mine", "Theirs"], ["Theirs", None]]


def test_an_export_needs_its_right_when_asked_and_when_run(world: World) -> None:
    create(world.ctx("li_wei"), THING, name="Mine")
    with pytest.raises(NotAllowed):
        start_export(world.ctx("storekeeper", reason="for the auditor"), THING, Query())
    with pytest.raises(Invalid):
        start_export(world.ctx("li_wei", reason="for the auditor"), THING, Query(), format="pdf")
    assert not Job.objects.exists()
    job = start_export(world.ctx("li_wei", reason="for the auditor"), THING, Query())
    PersonRole.objects.filter(person=world["li_wei"]).delete()
    assert run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert not StoredFile.objects.exists()
    assert not AuditEntry.objects.filter(action="export").exists()


@pytest.mark.clause("SEC-04")
def test_confidential_records_are_taken_out_for_a_reason_that_is_kept(world: World, tmp_path: Path) -> None:
    create(world.ctx("li_wei"), THING, name="Mine")
    before = digest()
    for reason in ("", "   "):
        with pytest.raises(Invalid) as refusal:
            start_export(world.ctx("li_wei", reason=reason), THING, Query())
        assert "reason" in refusal.value.errors
        with pytest.raises(Invalid):
            export_file(world.ctx("li_wei", reason=reason), THING, tmp_path / "a.csv")
    assert digest() == before and not Job.objects.exists() and not (tmp_path / "a.csv").exists()
    exported(world, "li_wei")
    assert AuditEntry.objects.get(action="export").reason == "for the auditor"
    assert Disclosure.objects.get(kind="export").reason == "for the auditor"


def test_csv_texts_are_never_formulas(world: World, tmp_path: Path) -> None:
    create(world.ctx("li_wei"), THING, name="=cmd|' /C calc'!A0", notes="-2+3", price="-5.00", email="a@b.cn",
           address="＝1", phone="+85223456789")  # fmt: skip
    _job, path = exported(
        world, "li_wei", Query(), ("name", "notes", "price", "email", "address", "phone"), format="csv"
    )
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert rows[1] == ["'=cmd|' /C calc'!A0", "'-2+3", "-5.00", "a@b.cn", "'＝1", "'+85223456789"]
    table = read(placed(tmp_path, "a.csv", path.read_bytes()))
    assert table.rows[0] == ["=cmd|' /C calc'!A0", "-2+3", "-5.00", "a@b.cn", "＝1", "+85223456789"]


def test_links_are_written_so_that_the_import_finds_the_same_record(world: World, tmp_path: Path) -> None:
    ctx = world.ctx("general_manager")
    first = create(ctx, THING, name="Twin")
    second = create(ctx, THING, name="Twin", confirmed=True)
    create(ctx, THING, name="Child", part_of=second)
    export_file(ctx.because("for the auditor"), THING, tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))
    child = next(row for row in rows if row["name"] == "Child")
    assert child["part of"] == second.number != first.number


def whole(world: World) -> Thing:
    ctx = world.ctx("general_manager")
    part = create(ctx, THING, name="Whole")
    return create(
        ctx, THING, name="杯子", code="C-1", notes="两\n行", size="s", colour="red", colours=["red", "blue"],
        pieces="12", weight="1.125", price="1234567890.12", discount="-3.5", made_on="1900-01-01",
        seen_at="2026-03-04 05:06:07", fragile=True, phone="028-86754321", email="a@b.cn", address="成都市 1 号",
        part_of=part, keeper="王芳", tags=["易碎", "玻璃"], owner="李伟",
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_export_of_everything_imports_to_the_same_values(world: World, tmp_path: Path, ending: str) -> None:
    thing = whole(world)
    ctx = world.ctx("general_manager")
    before = entered(thing)
    path = tmp_path / f"all.{ending}"
    assert export_file(ctx.because("for the auditor"), THING, path) == 2
    assert import_file(ctx, THING, path).summary == {"skipped": 2}
    # As an update of the same records nothing changes …
    assert import_file(ctx, THING, path, duplicates="update").summary == {"updated": 2}
    assert entered(thing) == before
    assert not AuditEntry.objects.filter(action="edit").exists()
    # … and as new records they say the same, but for the unique code.
    Thing.objects.filter(pk=thing.pk).update(name="away", code=None, number="away", deleted_at=ctx.now)
    run = import_file(ctx, THING, path, duplicates="create")
    assert run.summary == {"created": 2}
    copy = Thing.objects.get(name="杯子")
    assert {**entered(copy), "part_of": None} == {**before, "part_of": None}


def ctx_things(world: World, values: list[dict[str, Any]]) -> list[Thing]:
    ctx = world.ctx("general_manager")
    works = run_many(CREATE, ctx, THING, [Item(data=data, confirmed=True) for data in values])
    return [work.result for work in works]


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), max_size=40).map(
    lambda text: " ".join(text.split())
)
VALUES = st.fixed_dictionaries(
    {
        "name": TEXT.filter(bool),
        "notes": st.one_of(
            TEXT, st.sampled_from(["_x0041_", "'=x", "''-x", "=1", "@a", "a\nb", "#N/A", "1E5", "007", "是"])
        ),
        "pieces": st.one_of(st.none(), st.integers(0, 99)),
        "weight": st.one_of(st.none(), st.decimals("-9999999", "9999999", places=3)),
        "price": st.one_of(st.none(), st.decimals("-9999999999999999.99", "9999999999999999.99", places=2)),
        "discount": st.one_of(st.none(), st.decimals("-99999", "99999", places=2)),
        "made_on": st.one_of(st.none(), st.dates(datetime.date(1900, 1, 1), datetime.date(2999, 12, 31))),
        "fragile": st.booleans(),
        "address": TEXT,
    }
)


@hypothesis_settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.generate),
)
@given(values=st.lists(VALUES, min_size=1, max_size=8), ending=st.sampled_from(["xlsx", "csv"]))
def test_whatever_is_exported_is_imported_unchanged(
    world: World, tmp_path: Path, values: list[dict[str, Any]], ending: str
) -> None:
    Thing.objects.all().delete()
    things = ctx_things(world, values)
    before = {thing.number: entered(thing) for thing in things}
    path = tmp_path / f"any.{ending}"
    ctx = world.ctx("general_manager")
    write_file(ctx, THING, Query(sort="number"), ("number", *ENTERED), path, number="1")
    Thing.objects.update(notes="lost", pieces=None, price=None, weight=None, discount=None, made_on=None, address="")
    run = import_file(ctx, THING, path, duplicates="update")
    # What was empty says nothing on import: it stays as it is.
    assert set(run.summary) == {"updated"}, [row.problems for row in run.rows.all()]
    after = {thing.number: entered(thing) for thing in things}
    empty = {"notes": "lost"}
    for number, old in before.items():
        for name, value in old.items():
            wanted = empty.get(name, value) if value in ("", None) else value
            assert after[number][name] == wanted, (name, value)


def test_a_watermark_cannot_break_the_footer(world: World, tmp_path: Path) -> None:
    person = world["li_wei"]
    person.name = "R&D <李>"
    person.save()
    export_file(world.ctx("li_wei", reason="for the auditor"), THING, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - made here
    footer = sheet.findtext(".//{*}oddFooter")
    assert footer and "R&&D <李>" in footer


def test_every_field_is_offered_and_an_unknown_one_is_left_out(world: World, tmp_path: Path) -> None:
    assert {"number", "name", "price", "owner", "changed_at", "state"} <= set(all_columns(THING))
    assert not {"id", "version", "deleted_at", "picture"} & set(all_columns(THING))
    with pytest.raises(Invalid):
        write_file(
            world.ctx("li_wei"), THING, Query(), ("password", "deleted_by__name"), tmp_path / "a.csv", number="1"
        )


def test_an_export_asks_as_often_for_a_hundred_records_as_for_one(
    world: World, django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = world.ctx("general_manager")
    part = create(ctx, THING, name="Whole")
    keys = [create(ctx, THING, name=f"Part {number}", part_of=part, price=number).pk for number in range(100)]
    columns = columns_of(THING, all_columns(THING))
    one = ExportCells(ctx, THING, columns, [repr] * len(columns))
    assert len(list(one.rows(keys[:1]))) == 1
    with django_assert_num_queries(1):  # what the links lead to is known by now
        assert len(list(one.rows(keys))) == 100
    monkeypatch.setattr(export_cells, "REMEMBERED", 0)
    fresh = ExportCells(ctx, THING, columns, [repr] * len(columns))
    assert list(one.rows(keys)) == list(fresh.rows(keys))
