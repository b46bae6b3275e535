"""The object store: what it is asked, and what becomes of its troubles."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.test import Client

from guanxi.kernel.errors import Away, Invalid, NotFound
from guanxi.platform.calendar import clock_at
from guanxi.platform.calendar.clock import now
from guanxi.platform.files.chosen import depot
from guanxi.platform.files.depot import Depot
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.objects import PART_BYTES, ObjectDepot
from guanxi.platform.files.storage import at_hand, discard, is_intact, open_file, remove_orphans, store
from tests import s3_server
from tests.people import World
from tests.platform.files import places
from tests.s3_server import Bucket

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 9, 1, tzinfo=UTC)
KEY = "ab/cd/" + "0" * 32
OPTIONS = {
    "endpoint": "http://127.0.0.1:9", "region": "us-east-1", "key": "k", "secret": "s", "style": "path", "ca": "",
}  # fmt: skip


@pytest.fixture
def bucket(tmp_path: Path, settings: Any) -> Iterator[Bucket]:
    """A store of our own server, so that it can be made to fail; the suite of both places is in test_storage."""
    settings.DATA = tmp_path
    with s3_server.served() as served:
        places.use_objects(settings, served.endpoint)
        yield served


@pytest.fixture
def objects(bucket: Bucket) -> Depot:
    return depot()


def kept(objects: Depot, path: Path, content: bytes, key: str = KEY) -> None:
    path.write_bytes(content)
    objects.put(path, key)


@pytest.mark.parametrize("size", [0, 1, 300_000, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
def test_bytes_come_back_as_they_went(objects: Depot, tmp_path: Path, bucket: Bucket, size: int) -> None:
    content = os.urandom(size)
    kept(objects, tmp_path / "x", content)
    with objects.open(KEY) as file:
        assert file.read() == content
    with objects.open(KEY) as file:
        assert file.seek(0, io.SEEK_END) == size
        assert file.seek(0) == 0 and file.read(10) == content[:10]
        middle = size // 2
        assert file.seek(middle) == middle == file.tell()
        assert file.read() == content[middle:] and file.read() == b""
    assert any("uploadId" in asked for asked in bucket.requests) is (size > PART_BYTES)
    assert not bucket.uploads


def test_a_file_is_fetched_by_one_request(objects: Depot, tmp_path: Path, bucket: Bucket) -> None:
    kept(objects, tmp_path / "x", b"x" * 2_000_000)
    before = len(bucket.requests)
    with objects.open(KEY) as file:
        file.seek(0, io.SEEK_END)
        file.seek(0)
        assert len(file.read()) == 2_000_000
    assert len(bucket.requests) == before + 1


def test_a_long_list_comes_page_by_page_and_what_is_not_ours_stays(
    objects: Depot, tmp_path: Path, bucket: Bucket
) -> None:
    for number in range(7):
        kept(objects, tmp_path / "x", b"x", f"ab/cd/{number:032x}")
    prefix = next(iter(bucket.objects)).removesuffix(f"ab/cd/{0:032x}")
    old = datetime.now(UTC) - timedelta(days=2)
    bucket.objects |= {f"{prefix}readme.txt": (b"x", old), "ab/cd/" + "f" * 32: (b"x", old)}
    listed = [key for page in objects.older_than(datetime.now(UTC) + timedelta(hours=1)) for key in page]
    assert listed == [f"ab/cd/{number:032x}" for number in range(7)]
    assert not any(objects.older_than(datetime.now(UTC) - timedelta(hours=1)))
    store(b"a", "a.txt", None, AT)
    with clock_at(now() + timedelta(days=2)):
        assert remove_orphans() == 7
    assert f"{prefix}readme.txt" in bucket.objects and "ab/cd/" + "f" * 32 in bucket.objects


def test_a_hiccup_is_tried_again(bucket: Bucket) -> None:
    bucket.troubles = [500, 0, 503]
    stored = store(b"a", "a.txt", None, AT)
    bucket.troubles = [500, 0]
    assert is_intact(stored)


def test_a_store_that_is_away_keeps_nothing(bucket: Bucket, tmp_path: Path) -> None:
    stored = store(b"a", "a.txt", None, AT)
    bucket.troubles = [500] * 100
    for ask in (
        lambda: store(b"b", "b.txt", None, AT),
        lambda: open_file(stored),
        lambda: at_hand(stored).__enter__(),
        lambda: list(depot().older_than(now())),
        lambda: depot().remove(stored.path),
    ):
        with pytest.raises(Away) as caught:
            ask()
        assert caught.value.status == 503 and "store of files" in caught.value.message.msgid
    assert list(StoredFile.objects.all()) == [stored]
    assert len(bucket.objects) == 1
    assert not list((tmp_path / "files").rglob("*.part"))
    bucket.troubles = []
    assert is_intact(stored)


def test_nothing_listens_there(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.FILES, settings.S3 = tmp_path, "s3://kept", OPTIONS
    with pytest.raises(Away):
        store(b"b", "b.txt", None, AT)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("wrong", [{"secret": "other"}, {"key": "other"}, {"region": "other"}])
def test_a_wrong_key_is_refused(bucket: Bucket, settings: Any, wrong: dict[str, str]) -> None:
    stored = store(b"a", "a.txt", None, AT)
    settings.S3 = {**settings.S3, **wrong}
    with pytest.raises(Away) as caught:
        store(b"b", "b.txt", None, AT)
    assert "refuses" in caught.value.message.msgid
    with pytest.raises(Away):
        open_file(stored)
    assert list(StoredFile.objects.all()) == [stored] and len(bucket.objects) == 1


def test_a_bucket_that_is_not_there(bucket: Bucket, settings: Any) -> None:
    settings.FILES = "s3://another"
    with pytest.raises(Away):
        store(b"b", "b.txt", None, AT)
    with pytest.raises(Away):
        list(depot().older_than(now()))


def test_the_network_is_not_asked_within_a_transaction(bucket: Bucket) -> None:
    stored = store(b"a", "a.txt", None, AT)
    asked = len(bucket.requests)
    for ask in (lambda: open_file(stored), lambda: at_hand(stored).__enter__(), lambda: depot().remove(stored.path)):
        with pytest.raises(TransactionManagementError), transaction.atomic():
            ask()
    assert len(bucket.requests) == asked


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("s3://", {}), ("s3:kept", {}), ("https://kept", {}), ("s3://Kept", {}), ("s3://kept/../other", {}),
        ("s3://kept/a//b", {}), ("s3://kept", {"endpoint": "ftp://x"}), ("s3://kept", {"endpoint": "https://"}),
        ("s3://kept", {"key": ""}), ("s3://kept", {"secret": ""}), ("s3://kept", {"style": "other"}),
        ("s3://kept", {"ca": "/nowhere"}),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_said_at_once(address: str, options: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        ObjectDepot.of(address, {**OPTIONS, **options})


def test_a_key_that_leads_away_never_reaches_the_store(objects: Depot, bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    asked = len(bucket.requests)
    for key in ("../" + KEY, KEY + "/..", KEY + "?x", "/" + KEY, "ab/cd/secret", KEY + "\n", ""):
        for ask in (objects.open, objects.remove, lambda key: objects.put(tmp_path / "x", key)):
            with pytest.raises(NotFound):
                ask(key)
    assert len(bucket.requests) == asked


def test_a_page_hands_out_what_lies_in_the_store(world: World, bucket: Bucket) -> None:
    """Bytes go through the program, with the rights judged there; without the store it is 503, and nothing is kept."""
    content = b"%PDF-" + os.urandom(1_000_000)
    client: Any = Client()
    client.force_login(world["li_wei"], backend="django.contrib.auth.backends.ModelBackend")

    def sent() -> Any:
        return client.post("/api/v1/files", {"file": SimpleUploadedFile("a.pdf", content, "application/pdf")})

    answer = sent()
    assert answer.status_code == 201, answer.content
    page = client.get(f"/files/{answer.json()['id']}/")
    assert b"".join(page.streaming_content) == content and page.headers["Content-Length"] == str(len(content))
    other: Any = Client()
    other.force_login(world["wang_fang"], backend="django.contrib.auth.backends.ModelBackend")
    asked = len(bucket.requests)
    assert other.get(f"/files/{answer.json()['id']}/").status_code == 404
    assert len(bucket.requests) == asked
    bucket.troubles = [503] * 100
    refused = sent()
    assert refused.status_code == 503 and refused.json()["code"] == "away"
    assert client.get(f"/files/{answer.json()['id']}/").status_code == 503
    assert StoredFile.objects.count() == len(bucket.objects) == 1


def test_what_was_given_up_leaves_the_store(bucket: Bucket) -> None:
    store(b"a", "a.txt", None, AT)
    discard(StoredFile.objects.all(), AT)
    with clock_at(now() + timedelta(days=2)):
        assert remove_orphans() == 1
    assert not bucket.objects


def test_without_the_extra_it_is_said_what_to_install(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILES, settings.S3 = "s3://kept", {**OPTIONS, "region": "nowhere-1"}
    monkeypatch.setitem(sys.modules, "guanxi.platform.files.objects", None)
    with pytest.raises(Invalid) as caught:
        depot()
    assert "requirements/s3.txt" in caught.value.message.msgid
