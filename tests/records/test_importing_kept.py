"""What an import keeps of the file: sensitive cells sealed, and nothing for longer than is needed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guanxi.kernel.errors import Conflict, NotFound
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import open_file, store
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import registry
from guanxi.records.importing import cells
from guanxi.records.importing.clearing import clear_imports
from guanxi.records.importing.reading import read
from guanxi.records.importing.refused import refused_file
from guanxi.records.importing.running import apply, begin, check, run_of, set_mapping, undo
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Contact
from tests.people import NOW, World
from tests.stored import path_of

CONTACT = registry.module("customers.contact")
IDENTITY, WRONG = "11010519491231002X", "110105194912310021"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def checked(world: World) -> ImportRun:
    """Two contacts with identity numbers, one of them wrong, checked but not written."""
    customer = create(world.ctx("li_wei"), "customers.customer", name="蜀香酒业有限公司")
    text = io.StringIO()
    csv.writer(text).writerows(
        [
            ["customer", "name", "identity number"],
            [customer.number, "李先生", IDENTITY],
            [customer.number, "王女士", WRONG],
            [customer.number, "周女士", ""],
        ]
    )
    ctx = world.ctx("li_wei")
    kept = store(text.getvalue().encode(), "people.csv", world["li_wei"], NOW, StoredFile.Kind.IMPORT)
    run = begin(ctx, CONTACT, kept)
    set_mapping(ctx, run, "", "", None, {0: "customer", 1: "name", 2: "identity_number"})
    finish(check(ctx, run))
    return run_of(ctx, run.pk)


def finish(job: Any) -> None:
    assert run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error


def everything() -> str:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.clause("SEC-04")
def test_identity_numbers_of_a_file_are_nowhere_in_the_database_in_clear(world: World, checked: ImportRun) -> None:
    assert [row.state for row in checked.rows.order_by("line")] == ["pending", "problem", "pending"]
    for value in (IDENTITY, WRONG):
        assert value not in everything()
    shown = [str(cells.shown(row.values[2])) for row in checked.rows.order_by("line")]
    assert shown == ["110****002X", "110****0021", "None"]
    finish(apply(world.ctx("li_wei"), checked))
    assert Contact.objects.get(name="李先生").identity_number.plain == IDENTITY
    assert Contact.objects.get(name="周女士").identity_number == ""
    for value in (IDENTITY, WRONG):
        assert value not in everything()


def test_the_importer_gets_his_refused_rows_back_in_clear_and_nobody_else(world: World, checked: ImportRun) -> None:
    mine = read(refused_file(world.ctx("li_wei"), checked))
    assert mine.rows[0][1:3] == ["王女士", WRONG]
    theirs = read(refused_file(world.system, checked))
    assert theirs.rows[0][1:3] == ["王女士", "110****0021"]


def test_file_and_cells_are_cleared_after_their_time_and_the_import_can_still_be_undone(
    world: World, checked: ImportRun
) -> None:
    ctx = world.ctx("li_wei")
    finish(apply(ctx, checked))
    late = ImportRun.objects.get().changed_at + timedelta(days=31)
    assert clear_imports(late - timedelta(days=2)) == 0
    assert ImportRow.objects.exclude(values=[]).count() == 3
    assert clear_imports(late) == 1 and clear_imports(late) == 0
    assert not ImportRow.objects.exclude(values=[], keys=[]).exists()
    run = run_of(ctx, checked.pk)
    assert run.file.deleted_at == late and run.summary == {"created": 2, "problem": 1}
    for step in (
        lambda: refused_file(ctx, run),
        lambda: apply(ctx, run),
        lambda: check(ctx, run),
        lambda: set_mapping(ctx, run, "", "", None, {0: "name"}),
    ):
        with pytest.raises(Conflict, match=r"cleared|清除"):
            step()
    path_of(run.file).unlink()
    with pytest.raises(NotFound):
        open_file(run.file)
    finish(undo(ctx, run))
    assert not Contact.objects.filter(deleted_at=None).exists()


def test_a_file_that_could_not_be_read_goes_too_and_one_under_way_stays(world: World, checked: ImportRun) -> None:
    lone = store(b"a,b\n", "lone.csv", world["li_wei"], NOW, StoredFile.Kind.IMPORT)
    ImportRun.objects.update(state=ImportRun.State.APPLYING)
    late = NOW + timedelta(days=500)
    assert clear_imports(late) == 1
    lone.refresh_from_db()
    assert lone.deleted_at == late
    assert run_of(world.ctx("li_wei"), checked.pk).file.deleted_at is None
