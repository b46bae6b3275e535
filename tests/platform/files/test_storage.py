import hashlib
import io
import os
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from guanxi.kernel.errors import Invalid, NotFound, TooLarge
from guanxi.platform.calendar.clock import now
from guanxi.platform.files.checks import intact_files, known_files
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.policies import PERSON_MEGABYTES, TOTAL_MEGABYTES
from guanxi.platform.files.storage import discard, is_intact, open_file, path_of, remove_orphans, store
from guanxi.platform.files.upkeep import remove_unbound_files
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import set_value
from tests.room.models import Thing

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 9, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    settings.MAX_UPLOAD_BYTES = 1_000_000
    return tmp_path / "files"


@pytest.fixture
def li() -> Person:
    return Person.objects.create_user("li", name="李红")


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".held"]


def test_a_file_is_kept_with_what_is_known_about_it(folder: Path, li: Person) -> None:
    record = uuid.uuid4()
    content = b"%PDF-" + b"x" * 700_000
    stored = store(io.BytesIO(content), "../合同.pdf", li, AT, kind="image", module="customers.visit", record_id=record)
    row = StoredFile.objects.get(pk=stored.pk)
    assert (row.name, row.content_type, row.size, row.kind) == ("合同.pdf", "application/pdf", 700_005, "image")
    assert (row.module, row.record_id, row.created_by, row.created_at) == ("customers.visit", record, li, AT)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert re.fullmatch(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}", row.path)
    assert kept(folder) == [path_of(row)]
    with open_file(row) as file:
        assert file.read() == content
    assert is_intact(row)
    path_of(row).write_bytes(b"changed")
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
    folder: Path, li: Person, content: bytes, name: str, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        store(content, name, li, AT)
    assert kept(folder) == []
    assert not StoredFile.objects.exists()
    store(b"x" * 1_000_000, "a.txt", li, AT)
    assert len(kept(folder)) == 1


def test_the_limit_may_be_the_callers(folder: Path) -> None:
    with pytest.raises(TooLarge, match="2 MB"):
        store(b"x" * (2 * 1024 * 1024 + 1), "a.txt", None, AT, limit=2 * 1024 * 1024)
    assert store(b"x" * (2 * 1024 * 1024), "a.txt", None, AT, limit=2 * 1024 * 1024).size == 2_097_152


def test_an_unknown_kind_is_a_programming_error(folder: Path) -> None:
    with pytest.raises(ValueError, match="photo"):
        store(b"x", "a.txt", None, AT, kind="photo")
    assert kept(folder) == []


def test_lost_bytes_and_a_path_that_leads_away_are_not_found(folder: Path, tmp_path: Path) -> None:
    stored = store(b"x", "a.txt", None, AT)
    path_of(stored).unlink()
    with pytest.raises(NotFound):
        open_file(stored)
    (tmp_path / "secret_key").write_text("s")
    for path in ("../secret_key", "/etc/passwd", "ab/../../secret_key"):
        with pytest.raises(NotFound):
            path_of(StoredFile(path=path))


def test_orphans_are_removed_once_they_are_old(folder: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        orphan = path_of(store(b"a", "a.txt", None, AT))
        raise RuntimeError
    owned = path_of(store(b"b", "b.txt", None, AT))
    fresh = owned.parent / "fresh.part"
    fresh.write_bytes(b"c")
    stale = owned.parent / "stale.part"
    stale.write_bytes(b"d")
    assert remove_orphans() == 0
    two_days_ago = (now() - timedelta(days=2)).timestamp()
    for path in (orphan, owned, stale):
        os.utime(path, (two_days_ago, two_days_ago))
    assert remove_orphans() == 2
    assert set(kept(folder)) == {owned, fresh}


def test_a_person_and_all_together_have_so_much_room(folder: Path, li: Person) -> None:
    wang = Person.objects.create_user("wang", name="王芳")
    set_value(PERSON_MEGABYTES, "1", date(2026, 1, 1), None, "small disk", AT)
    for count in range(2):
        store(b"x" * 500_000, f"{count}.txt", li, AT)
    with pytest.raises(TooLarge, match=r"Your files take 1 MB of the 1 MB .* this one needs 0.1 MB"):
        store(b"x" * 100_000, "a.txt", li, AT)
    assert len(kept(folder)) == StoredFile.objects.count() == 2
    store(b"x" * 100_000, "a.txt", wang, AT)
    # What the program makes for a person is not what he gave; what was given up takes no room.
    store(b"x" * 100_000, "a.txt", li, AT, StoredFile.Kind.EXPORT)
    assert discard(StoredFile.objects.filter(name="0.txt"), AT) == 1
    store(b"x" * 100_000, "b.txt", li, AT)
    set_value(TOTAL_MEGABYTES, "1", date(2026, 1, 1), None, "small disk", AT)
    store(b"x" * 100_000, "a.txt", None, AT)
    with pytest.raises(TooLarge, match="All files take"):
        store(b"x" * 200_000, "a.txt", None, AT)


def test_what_was_given_up_is_cleared_away_but_stays_known(folder: Path) -> None:
    stored = store(b"a", "a.txt", None, AT)
    path = path_of(stored)
    discard(StoredFile.objects.filter(pk=stored.pk), AT)
    two_days_ago = (now() - timedelta(days=2)).timestamp()
    os.utime(path, (two_days_ago, two_days_ago))
    assert remove_orphans() == 1 and not path.exists()
    assert StoredFile.objects.get().deleted_at == AT
    assert list(intact_files()) == list(known_files()) == []


def test_what_came_with_a_refused_form_is_cleared_away_after_a_day(folder: Path, li: Person) -> None:
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
    os.utime(path_of(refused), (0, 0))
    assert remove_orphans() == 1
