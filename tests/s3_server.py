"""An object store for tests: the part of S3 that the product uses, over HTTP on this machine, kept in memory.

It is written from the protocol and not from the client: each request has to be signed (AWS Signature Version 4) with
the one key it knows, over the very bytes that arrive, or it is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION, BUCKET = "test-key", "test-secret", "cn-north-1", "kept"
_AUTHORISED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request), ?"
    r"SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


class Bucket:
    """What the server holds: bytes and the moment of their writing by key. `requests`: what was asked, in order."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.requests: list[str] = []
        #: Answers that come before anything else, one for each request: an HTTP status, or 0 for a dropped connection.
        self.troubles: list[int] = []
        self.listed = 2
        self.endpoint = ""


@contextmanager
def served() -> Iterator[Bucket]:
    """A server with one bucket, on a port of its own, until the block ends."""
    bucket = Bucket()
    handler = type("Handler", (_Handler,), {"bucket": bucket})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    bucket.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
        self.bucket.requests.append(f"{self.command} {self.path}")
        if self.bucket.troubles and (trouble := self.bucket.troubles.pop(0)) is not None:
            if not trouble:
                self.close_connection = True
                self.connection.close()
            else:
                self._refuse(trouble, "Trouble")
            return
        if not self._is_signed(path, parse_qsl(parts.query, keep_blank_values=True), body):
            self._refuse(403, "SignatureDoesNotMatch")
            return
        _root, name, *rest = path.split("/", 2)
        if name != BUCKET:
            self._refuse(404, "NoSuchBucket")
            return
        getattr(self, f"_{self.command.lower()}")(rest[0] if rest else "", query, body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _handle  # noqa: N815 - called by name

    def _get(self, key: str, query: dict[str, str], body: bytes) -> None:
        if query.get("list-type") == "2":
            return self._list(query)
        found = self.bucket.objects.get(key)
        if found is None:
            return self._refuse(404, "NoSuchKey")
        content, at = found
        headers = {"Last-Modified": format_datetime(at, usegmt=True), "ETag": _tag(content)}
        if match := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            first, last = int(match[1]), min(int(match[2] or len(content) - 1), len(content) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
            return self._answer(206, content[first : last + 1], headers)
        return self._answer(200, content, headers)

    _head = _get

    def _put(self, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploadId" in query:
            self.bucket.uploads[query["uploadId"]][int(query["partNumber"])] = body
        else:
            self.bucket.objects[key] = (body, datetime.now(UTC))
        self._answer(200, b"", {"ETag": _tag(body)})

    def _post(self, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploads" in query:
            upload = f"upload-{len(self.bucket.requests)}"
            self.bucket.uploads[upload] = {}
            return self._xml("InitiateMultipartUploadResult", f"<UploadId>{upload}</UploadId>")
        pieces = self.bucket.uploads.pop(query["uploadId"])
        content = b"".join(pieces[number] for number in sorted(pieces))
        self.bucket.objects[key] = (content, datetime.now(UTC))
        return self._xml("CompleteMultipartUploadResult", f"<ETag>{_tag(content)}</ETag>")

    def _delete(self, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploadId" in query:
            self.bucket.uploads.pop(query["uploadId"], None)
        else:
            self.bucket.objects.pop(key, None)
        self._answer(204, b"", {})

    def _list(self, query: dict[str, str]) -> None:
        """One page of what lies below a prefix: short ones, so that listing has to go on."""
        after = query.get("continuation-token") or query.get("start-after", "")
        keys = sorted(key for key in self.bucket.objects if key.startswith(query.get("prefix", "")) and key > after)
        page = keys[: self.bucket.listed]
        told = [
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size><ETag>{_tag(content)}</ETag>"
            f"<LastModified>{at:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in page
            for content, at in [self.bucket.objects[key]]
        ]
        if len(keys) > len(page):
            told.append(f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>")
        more = "true" if len(keys) > len(page) else "false"
        self._xml("ListBucketResult", f"<IsTruncated>{more}</IsTruncated>{''.join(told)}")

    # ---- Signatures --------------------------------------------------------------------------------------------------

    def _is_signed(self, path: str, query: list[tuple[str, str]], body: bytes) -> bool:
        given = _AUTHORISED.fullmatch(self.headers.get("Authorization", ""))
        digest = self.headers.get("x-amz-content-sha256", "")
        if given is None or given["key"] != KEY or given["region"] != REGION:
            return False
        if digest != hashlib.sha256(body).hexdigest():
            return False
        headers = given["headers"].split(";")
        request = "\n".join(
            [
                self.command,
                quote(path, safe="/-_.~"),
                "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(query)),
                *(f"{name}:{' '.join(self.headers.get(name, '').split())}" for name in headers),
                "",
                given["headers"],
                digest,
            ]
        )
        stamp = self.headers.get("x-amz-date", "")
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, given["scope"], hashlib.sha256(request.encode()).hexdigest()])
        key = f"AWS4{SECRET}".encode()
        for part in given["scope"].split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), given["signature"])

    # ---- Answers -----------------------------------------------------------------------------------------------------

    def _xml(self, name: str, content: str) -> None:
        self._answer(200, f"<{name}>{content}</{name}>".encode(), {"Content-Type": "application/xml"})

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code></Error>".encode(), {"Content-Type": "application/xml"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            with suppress(OSError):  # who asked may have gone
                self.wfile.write(body)


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
