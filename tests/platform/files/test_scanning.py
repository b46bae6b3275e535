"""With a virus scanner configured no file comes in that it has not found clean."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 9, 1, tzinfo=UTC)
# In two parts, so that no scanner stops at this very file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "files"


class Scanner:
    """Speaks the scanner's protocol: takes a stream, finds EICAR in it."""

    def __init__(self, listener: socket.socket, says: bytes | None = None) -> None:
        self.listener, self.says = listener, says
        self.seen: list[bytes] = []

    def serve(self) -> None:
        while True:
            try:
                connection, _peer = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while length := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(length)
                self.seen.append(content)
                verdict = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                connection.sendall(verdict if self.says is None else self.says)


@contextmanager
def scanner(listener: socket.socket, says: bytes | None = None) -> Iterator[Scanner]:
    served = Scanner(listener, says)
    thread = threading.Thread(target=served.serve, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def address(listener: socket.socket) -> str:
    return f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("kind", ["network", "file"])
def test_what_the_scanner_finds_is_refused_by_name(kind: str, settings, tmp_path: Path, folder: Path) -> None:
    if kind == "network":
        listener = listening()
        settings.CLAMD = address(listener)
    else:
        settings.CLAMD = str(tmp_path / "clamd.socket")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(settings.CLAMD)
        listener.listen()
    large = b"clean " * 200_000
    with scanner(listener) as served:
        store(large, "a.txt", None, AT)
        with pytest.raises(Invalid) as caught:
            store(EICAR, "b.txt", None, AT)
        # What the program made itself is not sent there.
        store(b"made", "c.csv", None, AT, StoredFile.Kind.EXPORT)
    assert "Eicar-Test-Signature" in str(caught.value.errors["file"][0])
    assert served.seen == [large, EICAR]
    assert StoredFile.objects.count() == 2
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


@pytest.mark.parametrize("says", [b"", b"stream: \0", b"INSTREAM size limit exceeded. ERROR\0", b"OK\0"])
def test_what_is_no_verdict_lets_nothing_in(says: bytes, settings) -> None:
    listener = listening()
    settings.CLAMD = address(listener)
    with scanner(listener, says), pytest.raises(Invalid) as caught:
        store(b"clean", "a.txt", None, AT)
    assert "does not answer" in str(caught.value.errors["file"][0])


def test_an_unreachable_scanner_lets_nothing_in(settings, tmp_path: Path, folder: Path) -> None:
    listener = listening()
    closed = address(listener)
    listener.close()
    for there in (closed, str(tmp_path / "none"), "nonsense"):
        settings.CLAMD = there
        with pytest.raises(Invalid):
            store(b"clean", "a.txt", None, AT)
    assert not StoredFile.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]
