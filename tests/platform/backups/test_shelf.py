"""The folder of backups: what is kept, what goes, what is never taken for a backup."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid, NotFound
from guanxi.platform.backups import shelf
from guanxi.platform.backups.sealing import SealingWriter
from guanxi.platform.backups.shelf import Kept, Proof

NOON = datetime.datetime(2026, 11, 21, 4, tzinfo=datetime.UTC)


def backup(days_ago: float, *, ok: bool | None = None) -> Kept:
    at = NOON - datetime.timedelta(days=days_ago)
    path = Path(f"guanxi-{at:%Y%m%dT%H%M%SZ}.guanxi")
    proof = None if ok is None else Proof(at, ok, "", 1.0)
    return Kept(path, at, "1", "k", 1, "", proof)


def left(backups: list[Kept], daily: int, weekly: int, monthly: int) -> list[float]:
    gone = {each.name for each in shelf.surplus(backups, daily, weekly, monthly)}
    return [(NOON - each.made_at) / datetime.timedelta(days=1) for each in backups if each.name not in gone]


def test_days_weeks_and_months_are_kept():
    backups = [backup(days) for days in range(400)]
    kept = left(backups, 7, 5, 12)
    # A week back; the Sundays before (6, 13, 20 and 27 days ago); the last day of each month before (31 October …).
    assert kept[:12] == [0, 1, 2, 3, 4, 5, 6, 13, 20, 21, 27, 52]
    assert len(kept) == 7 + 3 + 11
    months = {(NOON - datetime.timedelta(days=days)).strftime("%Y-%m") for days in kept}
    assert len(months) == 12


def test_of_two_on_one_day_the_newer_is_kept():
    assert left([backup(0), backup(0.1), backup(1)], 7, 0, 0) == [0, 1]


def test_the_newest_and_the_newest_proved_are_never_removed():
    backups = [backup(0), backup(1, ok=False), backup(40, ok=True), backup(41, ok=True)]
    assert left(backups, 1, 0, 0) == [0, 40]


@given(
    st.lists(st.integers(0, 900), unique=True, max_size=60).map(sorted),
    st.integers(1, 10), st.integers(0, 8), st.integers(0, 14),
)  # fmt: skip
def test_no_more_than_the_rules_ask_and_the_newest_always(days, daily, weekly, monthly):
    kept = left([backup(number) for number in days], daily, weekly, monthly)
    assert len(kept) <= daily + weekly + monthly + 1
    assert kept[:1] == days[:1]
    assert set(kept) <= set(days)
    # What was cleared once has nothing more to clear: the nightly run is idempotent.
    assert left([backup(number) for number in kept], daily, weekly, monthly) == kept


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    settings.BACKUP_OFFSITE_FOLDER = ""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def written(path: Path, at: datetime.datetime) -> Path:
    with path.open("wb") as target:
        writer = SealingWriter(target, b"k" * 40, {"made_at": at.isoformat(), "version": "1", "vendor": "sqlite"})
        writer.finish()
    return path


def test_the_folder_is_the_truth(folder):
    newer, older = (written(shelf.new_path(NOON - datetime.timedelta(days=days)), NOON) for days in (0, 1))
    replaced = written(shelf.new_path(NOON, "before-restore"), NOON)
    (folder / "guanxi-20261121T040000Z-x.guanxi").write_bytes(b"no backup")
    (folder / "notes.txt").write_text("x")
    assert [each.name for each in shelf.kept()] == [newer.name, replaced.name, older.name]
    proof = Proof(NOON, True, "All hold.", 2.5)
    shelf.prove(newer, proof)
    assert shelf.find(newer.name).proof == proof and shelf.find(older.name).proof is None
    assert shelf.find(replaced.name).purpose == "before-restore"
    assert shelf.clear(1, 0, 0) == [older.name]
    assert {path.name for path in folder.glob("guanxi-*Z*") if "-x." not in path.name} == {
        newer.name, f"{newer.name}.proof.json", replaced.name,
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["", "..", "../x.guanxi", "/etc/passwd", "guanxi-20261121T040000Z.guanxi/../x", "a\0b"]
)
def test_only_names_of_backups_are_looked_for(folder, name):
    with pytest.raises(NotFound):
        shelf.find(name)


def test_a_copy_goes_off_site_whole_or_not_at_all(folder, settings, tmp_path):
    path = written(shelf.new_path(NOON), NOON)
    assert shelf.copy_off_site(path) is None
    settings.BACKUP_OFFSITE_FOLDER = str(tmp_path / "absent")
    with pytest.raises(Invalid):
        shelf.copy_off_site(path)
    (tmp_path / "absent").mkdir()
    copy = shelf.copy_off_site(path)
    assert copy is not None and copy.read_bytes() == path.read_bytes()
    assert [each.name for each in (tmp_path / "absent").iterdir()] == [path.name]
