"""No cell of any file that leaves the house is a formula, whatever somebody entered; figures stay figures."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import open_file
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import batches, registry, workbooks
from guanxi.records.exporting import export_file
from guanxi.records.importing import parsing
from guanxi.records.importing.refused import refused_file
from guanxi.records.importing.running import import_file
from guanxi.records.standard import EDIT
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.picklists import DEALING_STATUSES
from tests.digest import undone
from tests.proof.conftest import Company
from tests.room.models import Thing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

#: What a spreadsheet takes for the beginning of a formula, and what it does not see in front of one.
BEGINNINGS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", "\n=")
UNSEEN = ("", "\u200b", "\ufeff", "\u00a0", "\u2060", " ", "'", "\u202e")
PAYLOADS = [f"{unseen}{beginning}1+cmd|' /C calc'!A0" for unseen in UNSEEN for beginning in BEGINNINGS]
#: Written apart from the program: of what is left when everything that is not drawn is taken away, the first sign.
_SEEN = re.compile(r"[^\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
PRICE = Decimal("-1234.50")


@pytest.fixture(scope="module")
def planted(company: Company) -> list[Any]:
    """Records of Li Wei's with every payload in a name and in a note, written past the forms, which might tidy up."""
    person, now = company.world["li_wei"], company.world.now
    common = {"owner": person, "department": person.department, "created_at": now, "changed_at": now}
    dealing = {"status": DEALING_STATUSES[0], "sales_12m": -PRICE, **common}
    customers = [Customer(name=text, short_name=text, number=f"C{place}", **dealing)
                 for place, text in enumerate(PAYLOADS)]  # fmt: skip
    Customer.objects.bulk_create(customers)
    things = [Thing(name=text, notes=text, price=PRICE, state="done", number=f"T{place}", **common)
              for place, text in enumerate(PAYLOADS)]  # fmt: skip
    return Thing.objects.bulk_create(things)


# ---- Reading files back ----------------------------------------------------------------------------------------------


def formulas(name: str, content: bytes) -> list[str]:
    """The cells of a file that a spreadsheet would compute."""
    return _of_workbook(content) if name.endswith(".xlsx") else _of_text(content)


def _of_workbook(content: bytes) -> list[str]:
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]  # type: ignore[union-attr]
    return [str(cell.value) for cell in cells if cell.data_type == "f"]


def _of_text(content: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [cell for row in rows for cell in row if not _is_figure(cell) and _computes(cell)]


def _is_figure(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def _computes(cell: str) -> bool:
    first = _SEEN.search(cell)
    return cell[:1] in ("\t", "\r", "\n") or (first is not None and first.group() in "=+-@＝＋－＠")


def texts(name: str, content: bytes) -> str:
    """Everything in a file, to see that the payloads are there at all."""
    if not name.endswith(".xlsx"):
        return content.decode("utf-8-sig")
    rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    return "\n".join(str(value) for row in rows for value in row)


# ---- The doors -------------------------------------------------------------------------------------------------------

#: A file that left: its name and its bytes.
File = tuple[str, bytes]


def _kept(stored: StoredFile) -> bytes:
    with open_file(stored) as file:
        return file.read()


def exports(company: Company, planted: list[Any], folder: Path) -> Iterator[File]:
    """Records of a type, in both formats."""
    for key, ending in (("room.thing", "csv"), ("room.thing", "xlsx"), ("customers.customer", "csv")):
        path = folder / f"{uuid.uuid4()}.{ending}"
        export_file(company.world.ctx("general_manager").because("proof"), key, path)
        yield path.name, path.read_bytes()


def reports(company: Company, planted: list[Any], folder: Path) -> Iterator[File]:
    """A report as a workbook."""
    browser = company.browser("general_manager")
    for report in ("register", "ranking"):
        answer = browser.post(f"/customers/reports/{report}/export/", {"reason": "proof"})
        yield f"{report}.xlsx", answer.getvalue()


def refused_rows(company: Company, planted: list[Any], folder: Path) -> Iterator[File]:
    """The rows that an import refused, with what was in them."""
    path = folder / "in.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["name", "email", "=heading"], *([text, "no address", text] for text in PAYLOADS)])
    ctx = company.world.ctx("general_manager")
    run = import_file(ctx, "room.thing", path, {0: "name", 1: "email"})
    kept = refused_file(ctx, run)
    yield kept.name, _kept(kept)


def failures(company: Company, planted: list[Any], folder: Path) -> Iterator[File]:
    """The records that a bulk action left as they were."""
    ctx, keys = company.world.ctx("general_manager"), [row.pk for row in planted]
    batch = batches.begin(ctx, registry.entry("room.thing"), EDIT, keys, {"set": {"price": "1"}})
    answer = company.browser("general_manager").post(f"/batches/{batch.pk}/failures/")
    kept = StoredFile.objects.get(pk=answer["Location"].strip("/").rpartition("/")[2])
    yield kept.name, _kept(kept)


def calls(company: Company, planted: list[Any], folder: Path) -> Iterator[File]:
    """An export that a program asked for."""
    browser, token = company.browser("general_manager"), company.token("general_manager")
    for ending in ("csv", "xlsx"):
        body = {"format": ending, "_reason": "proof"}
        started = browser.post("/api/v1/room/thing/export", body, content_type="application/json", headers=token).json()
        run_job(Job.objects.get(pk=started["id"]).pk)
        file = browser.get(f"/api/v1/jobs/{started['id']}", headers=token).json()["file"]
        yield f"call.{ending}", browser.get(f"{file}/content", headers=token).getvalue()


DOORS = (exports, reports, refused_rows, failures, calls)


@pytest.mark.parametrize("door", DOORS)
def test_no_file_holds_a_formula(
    company: Company, planted: list[Any], tmp_path: Path, door: Callable[..., Iterator[File]]
) -> None:
    with undone():
        for name, content in door(company, planted, tmp_path):
            assert texts(name, content).count("1+cmd|") >= len(PAYLOADS) - 1, name
            assert formulas(name, content) == [], name


def test_figures_stay_figures(company: Company, planted: list[Any], tmp_path: Path) -> None:
    files = dict(exports(company, planted, tmp_path))
    book = next(content for name, content in files.items() if name.endswith(".xlsx"))
    numbers = [cell.value for row in load_workbook(io.BytesIO(book)).active.iter_rows() for cell in row  # type: ignore[union-attr]
               if cell.data_type == "n" and cell.value is not None]  # fmt: skip
    assert numbers.count(float(PRICE)) == len(PAYLOADS)
    text = next(content for name, content in files.items() if name.endswith(".csv")).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert cells.count(str(PRICE)) == len(PAYLOADS)


def test_what_was_guarded_is_read_as_it_was(company: Company) -> None:
    for text in [*PAYLOADS, "'plain", "it's", "'", "O'Neil=1"]:
        guarded = f"'{text}" if parsing.FORMULA.match(text) else text
        assert parsing.unguarded(guarded) == text, repr(text)


@pytest.mark.parametrize(
    ("owner", "name", "switched_off", "ending"),
    [
        (parsing, "FORMULA", re.compile(r"(?!)"), ".csv"),
        (workbooks, "_text", lambda value: f'"><f>{len(value)}</f></c>', ".xlsx"),
    ],
)
def test_the_proof_notices_a_protection_switched_off(
    company: Company, planted: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    owner: Any, name: str, switched_off: Any, ending: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(owner, name, switched_off)
    files = [file for file in exports(company, planted, tmp_path) if file[0].endswith(ending)]
    assert files and all(formulas(*file) for file in files)
