"""Handing out the bytes of a kept file, never as something that a browser would run as a part of this system."""

from django.http import FileResponse

from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import open_file

#: What a browser may show itself, in a sandbox without any rights; everything else is a download.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def served(stored: StoredFile, *, download: bool) -> FileResponse:
    """The answer with the file's bytes; with `download` it is one in any case. Whoever calls judged who may have it."""
    is_shown = stored.content_type in SHOWN and not download
    answer = FileResponse(
        open_file(stored), as_attachment=not is_shown, filename=stored.name, content_type=stored.content_type
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
