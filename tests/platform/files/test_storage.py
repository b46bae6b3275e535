import hashlib
import io
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from guanxi.kernel.errors import Invalid, NotFound, TooLarge
from guanxi.platform.calendar import clock_at
from guanxi.platform.calendar.clock import now
from guanxi.platform.files.checks import intact_files, known_files
from guanxi.platform.files.chosen import depot
from guanxi.platform.files.holding import held
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.policies import PERSON_MEGABYTES, TOTAL_MEGABYTES
from guanxi.platform.files.storage import (
    at_hand,
    discard,
    is_intact,
    move_in,
    open_file,
    remove_orphans,
    store,
)
from guanxi.platform.files.upkeep import remove_orphaned_files, remove_unbound_files
from guanxi.platform.jobs import outbox
from guanxi.platform.jobs.models import Quarantine
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import set_value
from tests.platform.files import places
from tests.platform.files.places import Disk, Objects
from tests.room.models import Thing

pytestmark = pytest.mark.django_db

Place: TypeAlias = Disk | Objects
AT = datetime(2026, 3, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with places.server() as address:
        yield address


@pytest.fixture(autouse=True, params=["disk", "objects"])
def place(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Place:
    """Where the files lie; every test of this module is made once with each."""
    settings.DATA = tmp_path
    settings.MAX_UPLOAD_BYTES = 1_000_000
    if request.param == "disk":
        return Disk(tmp_path / "files")
    places.use_objects(settings, request.getfixturevalue("endpoint"))
    return Objects(tmp_path / "files")


@pytest.fixture
def li() -> Person:
    return Person.objects.create_user("li", name="李红")


def test_a_file_is_kept_with_what_is_known_about_it(place: Place, li: Person) -> None:
    record = uuid.uuid4()
    content = b"%PDF-" + b"x" * 700_000
    stored = store(io.BytesIO(content), "../合同.pdf", li, AT, kind="image", module="customers.visit", record_id=record)
    row = StoredFile.objects.get(pk=stored.pk)
    assert (row.name, row.content_type, row.size, row.kind) == ("合同.pdf", "application/pdf", 700_005, "image")
    assert (row.module, row.record_id, row.created_by, row.created_at) == ("customers.visit", record, li, AT)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert re.fullmatch(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}", row.path)
    assert place.lying() == {row.path}
    with open_file(row) as file:
        assert file.read() == content
    assert is_intact(row)
    place.write(row, b"changed")
    assert not is_intact(row)


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"x" * 1_000_001, "a.txt", TooLarge),
        (b"", "a.txt", Invalid),
        (b"MZ", "a.exe", Invalid),
        (b"MZ", "a.png", Invalid),
    ],
)
def test_a_refused_file_leaves_nothing_behind(
    place: Place, li: Person, content: bytes, name: str, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        store(content, name, li, AT)
    assert place.lying() == set()
    assert not StoredFile.objects.exists()
    store(b"x" * 1_000_000, "a.txt", li, AT)
    assert len(place.lying()) == 1


def test_the_limit_may_be_the_callers(place: Place) -> None:
    with pytest.raises(TooLarge, match="2 MB"):
        store(b"x" * (2 * 1024 * 1024 + 1), "a.txt", None, AT, limit=2 * 1024 * 1024)
    assert store(b"x" * (2 * 1024 * 1024), "a.txt", None, AT, limit=2 * 1024 * 1024).size == 2_097_152


def test_an_unknown_kind_is_a_programming_error(place: Place) -> None:
    with pytest.raises(ValueError, match="photo"):
        store(b"x", "a.txt", None, AT, kind="photo")
    assert place.lying() == set()


def test_lost_bytes_and_a_path_that_leads_away_are_not_found(place: Place, tmp_path: Path) -> None:
    stored = store(b"x", "a.txt", None, AT)
    place.lose(stored)
    with pytest.raises(NotFound):
        open_file(stored)
    with pytest.raises(NotFound), at_hand(stored):
        pass
    assert [str(stored.pk) in str(found) for found in intact_files()] == [True]
    (tmp_path / "secret_key").write_text("s")
    for path in ("../secret_key", "/etc/passwd", "ab/../../secret_key", "ab/cd/../../../secret_key", ""):
        for ask in (depot().open, lambda key: depot().at_hand(key).__enter__()):
            with pytest.raises(NotFound):
                ask(path)


def test_bytes_are_not_moved_within_a_transaction(place: Place) -> None:
    with pytest.raises(TransactionManagementError), transaction.atomic():
        store(b"a", "a.txt", None, AT)
    assert place.lying() == set() and not StoredFile.objects.exists()


def test_a_row_may_be_written_with_something_else_or_never(place: Place) -> None:
    kept = store(b"a", "a.txt", None, AT, with_row=False)
    lost = store(b"b", "b.txt", None, AT, with_row=False)
    with pytest.raises(RuntimeError), transaction.atomic():
        lost.save(force_insert=True)
        raise RuntimeError
    with transaction.atomic():
        kept.save(force_insert=True)
    assert place.lying() == {kept.path, lost.path}
    assert remove_orphans() == 0
    with clock_at(now() + timedelta(hours=25)):
        assert remove_orphans() == 1
    assert place.lying() == {kept.path}
    assert is_intact(StoredFile.objects.get())


def test_a_copy_at_hand_is_the_file(place: Place) -> None:
    stored = store(b"a" * 300_000, "a.txt", None, AT)
    for _again in range(2):
        with at_hand(stored) as path:
            assert path.read_bytes() == b"a" * 300_000
    with transaction.atomic(), at_hand(stored) as path:
        assert path.stat().st_size == 300_000
    with clock_at(now() + timedelta(hours=25)):
        remove_orphans()
    assert place.lying() == {stored.path}


def test_a_new_database_clears_nothing(place: Place) -> None:
    lost = store(b"b", "b.txt", None, AT, with_row=False)
    with clock_at(now() + timedelta(hours=25)):
        assert remove_orphans() == 0
    assert place.lying() == {lost.path}


def test_nothing_is_removed_while_a_backup_copies(place: Place) -> None:
    stored = store(b"a", "a.txt", None, AT)
    discard(StoredFile.objects.all(), AT)
    with clock_at(now() + timedelta(hours=25)):
        with held() as is_free, held() as is_shared:
            assert is_free and is_shared
            assert remove_orphans() == 0
        assert place.lying() == {stored.path}
        assert remove_orphans() == 1
    assert place.lying() == set()


def test_files_are_moved_in_from_a_folder(place: Place, tmp_path: Path, settings: Any) -> None:
    first, second, changed = (store(text, "a.txt", None, AT) for text in (b"1", b"2", b"3"))
    folder = tmp_path / "before"
    for stored, text in ((first, b"1"), (second, b"2"), (changed, b"x")):
        place.lose(stored)
        (folder / stored.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / stored.path).write_bytes(text)
    (folder / "unknown").write_text("x")
    assert move_in(folder) == 2
    assert place.lying() == {first.path, second.path}
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {changed.path[6:], "unknown"}
    assert move_in(folder) == 0


def test_what_a_crash_left_half_written_is_cleared(place: Place, tmp_path: Path) -> None:
    store(b"a", "a.txt", None, AT)
    (tmp_path / "files" / "incoming" / "half.part").write_bytes(b"x")
    assert remove_orphans() == 0
    with clock_at(now() + timedelta(hours=25)):
        assert remove_orphans() == 1
    assert len(place.lying()) == 1


def test_a_person_and_all_together_have_so_much_room(place: Place, li: Person) -> None:
    wang = Person.objects.create_user("wang", name="王芳")
    set_value(PERSON_MEGABYTES, "1", date(2026, 1, 1), None, "small disk", AT)
    for count in range(2):
        store(b"x" * 500_000, f"{count}.txt", li, AT)
    with pytest.raises(TooLarge, match=r"Your files take 1 MB of the 1 MB .* this one needs 0.1 MB"):
        store(b"x" * 100_000, "a.txt", li, AT)
    assert len(place.lying()) == StoredFile.objects.count() == 2
    store(b"x" * 100_000, "a.txt", wang, AT)
    # What the program makes for a person is not what he gave; what was given up takes no room.
    store(b"x" * 100_000, "a.txt", li, AT, StoredFile.Kind.EXPORT)
    assert discard(StoredFile.objects.filter(name="0.txt"), AT) == 1
    store(b"x" * 100_000, "b.txt", li, AT)
    set_value(TOTAL_MEGABYTES, "1", date(2026, 1, 1), None, "small disk", AT)
    store(b"x" * 100_000, "a.txt", None, AT)
    with pytest.raises(TooLarge, match="All files take"):
        store(b"x" * 200_000, "a.txt", None, AT)


def test_what_was_given_up_is_cleared_away_but_stays_known(place: Place) -> None:
    stored = store(b"a", "a.txt", None, AT)
    discard(StoredFile.objects.filter(pk=stored.pk), AT)
    with clock_at(now() + timedelta(days=3)):
        assert [stored.path[6:] in str(found) for found in known_files()] == [True]
        assert remove_orphans() == 1
        assert list(intact_files()) == list(known_files()) == []
    assert place.lying() == set()
    assert StoredFile.objects.get().deleted_at == AT


def test_what_came_with_a_refused_form_is_cleared_away_after_a_day(place: Place, li: Person) -> None:
    refused = store(b"a", "refused.txt", li, AT)
    bound = store(b"b", "bound.txt", li, AT, module="room.thing", record_id=uuid.uuid4())
    made = store(b"c", "export.csv", li, AT, StoredFile.Kind.EXPORT)
    # A record of somebody else may refer to it without its being bound.
    named = store(b"d", "named.txt", li, AT)
    Thing.objects.create(name="Box", number="T-1", picture=named, created_at=AT, changed_at=AT)
    remove_unbound_files(AT + timedelta(hours=23))
    assert StoredFile.objects.count() == 4
    remove_unbound_files(AT + timedelta(hours=25))
    assert set(StoredFile.objects.all()) == {bound, made, named}
    with clock_at(now() + timedelta(hours=25)):
        assert remove_orphans() == 1
    assert refused.path not in place.lying()


def test_a_restored_copy_clears_nothing_before_it_is_released(place: Place) -> None:
    stored = store(b"a", "a.txt", None, AT)
    discard(StoredFile.objects.all(), AT)
    outbox.quarantine(AT, AT)
    with clock_at(now() + timedelta(days=3)):
        remove_orphaned_files(now())
        assert place.lying() == {stored.path}
        Quarantine.objects.all().delete()
        remove_orphaned_files(now())
    assert place.lying() == set()
