"""Every hostile file through the doors that take files: refused in words, or made harmless; never an error of ours."""

from __future__ import annotations

import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.names import extension_of
from guanxi.platform.files.storage import open_file
from guanxi.records.importing.reading import FORMATS
from tests.api.conftest import program  # noqa: F401 - a fixture
from tests.platform.files.corpus import Hostile, corpus

REFUSED = (413, 422)
SHOWN = {"image/png", "image/jpeg", "image/webp", "application/pdf"}
_watched: list[tuple[str, bool]] | None = None


def _heed(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _watched is not None and isinstance(arguments[0], str | bytes | os.PathLike):
        _watched.append((os.fsdecode(arguments[0]), bool(int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))))


sys.addaudithook(_heed)


@pytest.fixture
def opened(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, bool]]]:
    """What is opened while the files come in: (path, for writing)."""
    global _watched
    # A module met for the first time would have its byte code kept: written, but not by a file that came in.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    settings.DATA = tmp_path / "data"
    (tmp_path / "canary.txt").write_text("canary")
    _watched = []
    yield _watched
    _watched = None


def sent(client: Client, address: str, file: Hostile, headers: dict[str, str] | None = None) -> Any:
    """The file under its very name: the test client would tidy it up."""
    name = file.name.replace('"', "%22").encode("utf-8", "surrogatepass")
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\r\n--x\r\n'
    for field in (b"file", b"picture"):
        head = b'Content-Disposition: form-data; name="' + field + b'"; filename="' + name + b'"\r\n'
        body += (
            head
            + b"Content-Type: text/html\r\n\r\n"
            + file.content
            + b"\r\n--x"
            + (b"\r\n" if field == b"file" else b"--\r\n")
        )
    return client.post(address, body, content_type="multipart/form-data; boundary=x", headers=headers or {})


def judge_kept(stored: StoredFile, file: Hostile) -> None:
    """What was kept is harmless: its name, its type, its content."""
    about = f"{file.family} {file.name[:60]!r} -> {stored.name[:60]!r}"
    assert 0 < len(stored.name) <= 200 and not set(stored.name) & set('/\\:*?"<>|'), about
    assert all(
        unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp") or letter == "\u200d" for letter in stored.name
    ), about
    assert stored.name == stored.name.strip(" .") and stored.name == unicodedata.normalize("NFC", stored.name), about
    assert not stored.content_type.startswith(("text/html", "image/svg", "application/xhtml", "text/javascript")), about
    if stored.content_type.startswith("image/"):
        with open_file(stored) as content:
            kept = content.read()
        for word in (b"Secret", b"Exif", b"<script", b"<?php", b"%PDF"):
            assert word not in kept, about


def judge_served(answer: Any, about: str, *, shown: bool) -> None:
    """However it is handed out, no browser runs it."""
    assert answer.status_code == 200, about
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"], about
    is_attachment = answer["Content-Disposition"].startswith("attachment")
    assert is_attachment or (shown and answer["Content-Type"] in SHOWN), about
    assert b"".join(answer.streaming_content), about


@pytest.mark.clause("SEC-04")
def test_hostile_files_are_refused_or_harmless(world, browser, program, opened, tmp_path, monkeypatch):  # noqa: F811
    assert len(corpus()) >= 200
    mine, page = program("li_wei"), browser("li_wei")
    wrong = []
    for number, file in enumerate(corpus()):
        if number % 50 == 0:
            cache.clear()
        # Both doors have the same lock; each file tries one of them, in turn, and the names try both.
        doors = ["/api/v1/files", "/room/thing/new/"]
        for address in doors if file.family == "name" else [doors[number % 2]]:
            about = f"{address} {file.family}: {file.name[:40]!r}"
            before = set(StoredFile.objects.values_list("pk", flat=True))
            try:
                answer = sent(
                    page if "room" in address else mine.client, address, file, {} if "room" in address else mine.headers
                )
            except Exception as error:
                wrong.append(f"{about}: {error!r}")
                continue
            fresh = list(StoredFile.objects.exclude(pk__in=before))
            if answer.status_code not in ((201,) if "api" in address else ()) + REFUSED:
                wrong.append(f"{about}: {answer.status_code}")
            elif file.kept is not None and bool(fresh) != file.kept:
                wrong.append(f"{about}: kept {bool(fresh)} {answer.content[:200]!r}")
            for stored in fresh:
                judge_kept(stored, file)
                if file.family == "name" or number % 5 == 0:
                    judge_served(page.get(f"/files/{stored.pk}/"), about, shown=True)
                    judge_served(
                        mine.client.get(f"/api/v1/files/{stored.pk}/content", headers=mine.headers), about, shown=False
                    )
    assert not wrong, "\n".join(wrong)
    judge_opened(opened, tmp_path)


def judge_opened(opened: list[tuple[str, bool]], tmp_path: Path) -> None:
    """Nothing that a name or an archive pointed to was opened, and nothing written outside the store."""
    assert opened
    for path, written in opened:
        assert "canary" not in path and "passwd" not in path, path
        inside = Path(path).is_relative_to(tmp_path / "data") or Path(path).is_relative_to(tempfile.gettempdir())
        assert not written or inside or path == os.devnull, path


@pytest.mark.clause("SEC-04")
def test_hostile_tables_are_refused_or_only_read(world, browser, program, opened, tmp_path):  # noqa: F811
    tables = [file for file in corpus() if extension_of(file.name) in FORMATS and file.family != "name"]
    assert len(tables) >= 60
    others = [file for file in corpus() if extension_of(file.name) not in FORMATS][::12]
    wrong = []
    mine, page = program("general_manager"), browser("general_manager")
    for number, file in enumerate(tables + others):
        address = ("/api/v1/room/thing/import", "/room/thing/import/")[number % 2]
        about = f"{address} {file.family}: {file.name[:40]!r}"
        try:
            answer = sent(page if number % 2 else mine.client, address, file, {} if number % 2 else mine.headers)
        except Exception as error:
            wrong.append(f"{about}: {error!r}")
            continue
        if answer.status_code not in (201, 302, *REFUSED):
            wrong.append(f"{about}: {answer.status_code} {answer.content[:300]!r}")
        elif (
            number % 2 and answer.status_code == 302 and page.get(answer["Location"]).status_code not in (200, *REFUSED)
        ):
            wrong.append(f"{about}: the columns")
        if file in others and answer.status_code not in REFUSED:
            wrong.append(f"{about}: taken")
        if "Secret" in answer.content.decode(errors="replace") and "entity" in file.family:
            wrong.append(f"{about}: entity resolved")
    assert not wrong, "\n".join(wrong)
    judge_opened(opened, tmp_path)
