"""Kept files in a bucket of an S3-compatible object store. Importing this needs the extra for object stores."""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from guanxi.kernel.errors import Away, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.files import drafts
from guanxi.platform.files.depot import missing, require_no_transaction

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CONNECT_TIMEOUT = timedelta(seconds=5)
#: Without a single byte for so long a connection counts as dead.
READ_TIMEOUT = timedelta(seconds=20)
#: For a whole request: a large export goes to a slow browser as fast as that one reads.
WHOLE_TIMEOUT = timedelta(hours=1)
RETRIES = 3
RETRY_TIMEOUT = timedelta(seconds=30)
PART_BYTES = 8 * 1024 * 1024
PIECE_BYTES = 256 * 1024
LISTED = 1000

_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?P<prefix>(/[A-Za-z0-9._-]+)*)/?")
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}")
_STYLES = ("path", "virtual")
_STEPS = frozenset({".", ".."})

_REFUSED = Message("The store of files refuses this server. Nothing was saved; tell your administrator.")
_UNREACHED = Message("The store of files cannot be reached at the moment. Nothing was saved; try again in a minute.")

logger = logging.getLogger(__name__)


class ObjectDepot:
    """The objects of one bucket below a prefix. See `Depot`.

    It is asked outside transactions only: TransactionManagementError otherwise. Its client retries by itself what may
    be repeated; what fails even so is Away.
    """

    def __init__(self, store: S3Store) -> None:
        self._store = store

    @classmethod
    def of(cls, address: str, options: dict[str, str]) -> ObjectDepot:
        """The store at "s3://bucket/prefix".

        `options`: `endpoint` (empty: Amazon's own of the region), `region`, `key`, `secret`, `style` ("path" or
        "virtual": whether the bucket stands in the path or in the host), `ca` (a file with the certificate of the
        endpoint's own authority). Raises Invalid for what cannot be used; nothing is asked of the network yet.
        """
        match = _ADDRESS.fullmatch(address)
        if match is None or _STEPS & set(match["prefix"].split("/")):
            raise Invalid(Message("GUANXI_FILES has to be s3://BUCKET or s3://BUCKET/PREFIX."))
        endpoint = urlsplit(options["endpoint"])
        if options["endpoint"] and (endpoint.scheme not in ("http", "https") or not endpoint.hostname):
            raise Invalid(Message("GUANXI_S3_ENDPOINT has to be an address that begins with https:// or http://."))
        if not options["key"] or not options["secret"]:
            raise Invalid(Message("Give the key of the object store: GUANXI_S3_KEY and GUANXI_S3_SECRET."))
        if options["style"] not in _STYLES:
            raise Invalid(Message("GUANXI_S3_STYLE has to be path or virtual."))
        return cls(_store(match["bucket"], match["prefix"].strip("/"), endpoint.scheme == "http", options))

    def put(self, path: Path, key: str) -> None:
        """Send the file, in parts where it is large; it stays here too. Each request is signed over its bytes."""
        _require_key(key)
        with _asking(is_known=True):
            obstore.put(self._store, key, path, chunk_size=PART_BYTES, max_concurrency=2)

    def open(self, key: str) -> io.BufferedReader:
        """The bytes for reading, fetched while they are read."""
        _require_key(key)
        return io.BufferedReader(_Fetched(self._store, key), PIECE_BYTES)

    @contextmanager
    def at_hand(self, key: str) -> Iterator[Path]:
        """A copy on this machine; it stays some time, because who needs one (an import) needs it again.

        As the bytes under a key never change, a copy that is there is used, also within a transaction.
        """
        _require_key(key)
        copy = drafts.folder() / key.replace("/", "-")
        try:
            os.utime(copy)
        except FileNotFoundError:
            self._fetch(key, copy)
        yield copy

    def _fetch(self, key: str, copy: Path) -> None:
        with drafts.draft() as part:
            with self.open(key) as source, part.open("xb") as target:
                while piece := source.read(PIECE_BYTES):
                    target.write(piece)
            part.replace(copy)

    def remove(self, key: str) -> None:
        """Delete the object."""
        _require_key(key)
        with _asking(is_known=True):
            obstore.delete(self._store, key)

    def older_than(self, moment: datetime) -> Iterator[list[str]]:
        """The objects last written before that moment; what is not ours in the bucket is passed over."""
        with _asking(is_known=True):
            portions = iter(obstore.list(self._store, chunk_size=LISTED))
        while True:
            with _asking(is_known=True):
                portion = next(portions, None)
            if portion is None:
                return
            yield [
                meta["path"]
                for meta in portion
                if _KEY.fullmatch(meta["path"]) is not None and meta["last_modified"] < moment
            ]


class _Fetched(io.RawIOBase):
    """One object as a file: a single request streams it from wherever reading begins."""

    def __init__(self, store: S3Store, key: str) -> None:
        self._store, self._key = store, key
        self._at = 0
        self._stream: Any = None
        self._piece = memoryview(b"")
        self._begin()

    def _begin(self) -> None:
        with _asking():
            found = obstore.get(self._store, self._key, options={"range": {"offset": self._at}} if self._at else None)
            self._size = int(found.meta["size"])
            self._stream, self._streamed = found.stream(min_chunk_size=PIECE_BYTES), self._at
            self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if self._at >= self._size:
            return 0
        if self._streamed != self._at:
            self._begin()
        if not self._piece:
            with _asking():
                self._piece = memoryview(bytes(next(self._stream, b"")))
        wanted = memoryview(buffer).cast("B")
        given = min(len(wanted), len(self._piece))
        wanted[:given] = self._piece[:given]
        self._piece = self._piece[given:]
        self._at += given
        self._streamed = self._at
        return given

    def close(self) -> None:
        self._stream = None
        super().close()


def _store(bucket: str, prefix: str, is_plain: bool, options: dict[str, str]) -> S3Store:
    more: dict[str, Any] = {"endpoint": options["endpoint"].rstrip("/")} if options["endpoint"] else {}
    client: dict[str, Any] = {
        "allow_http": is_plain,
        "connect_timeout": CONNECT_TIMEOUT,
        "read_timeout": READ_TIMEOUT,
        "timeout": WHOLE_TIMEOUT,
    }
    try:
        if options["ca"]:
            client["root_certificate"] = Path(options["ca"]).read_bytes()
        return S3Store(
            bucket,
            prefix=prefix or None,
            region=options["region"],
            access_key_id=options["key"],
            secret_access_key=options["secret"],
            virtual_hosted_style_request=options["style"] == "virtual",
            # One request for each object is what every store understands.
            disable_bulk_delete=True,
            client_options=cast(Any, client),
            retry_config={"max_retries": RETRIES, "retry_timeout": RETRY_TIMEOUT},
            **more,
        )
    except (BaseError, OSError, ValueError) as error:
        raise Invalid(Message("The object store cannot be used: %(reason)s", reason=_first_line(error))) from error


def _require_key(key: str) -> None:
    # Keys are made here and hold nothing a user typed; anything else never reaches the store.
    if _KEY.fullmatch(key) is None:
        raise missing()


@contextmanager
def _asking(*, is_known: bool = False) -> Iterator[None]:
    """Within the block the store is asked: its refusals become problems of ours, and are told in the log.

    `is_known`: that something is not there is no answer to this, other than that there is no such bucket.
    """
    require_no_transaction()
    try:
        yield
    except FileNotFoundError as error:
        if not is_known:
            raise missing() from None
        logger.error("the object store has no such bucket: %s", _first_line(error))
        raise Away(_REFUSED) from None
    except (PermissionDeniedError, UnauthenticatedError) as error:
        logger.error("the object store refuses our key: %s", _first_line(error))
        raise Away(_REFUSED) from None
    except (BaseError, OSError, ValueError) as error:
        logger.error("the object store cannot be reached: %s", _first_line(error))
        raise Away(_UNREACHED) from None


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:300]
