"""Handing out kept files: only to who may see the record they belong to, never as something a browser would run."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from guanxi.platform.files.storage import open_file
from guanxi.records import attachments
from guanxi.web.gate import Request

#: Shown in the browser, in a sandbox without any rights; everything else is a download.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_GET
def download(request: Request, pk: Any) -> HttpResponseBase:
    """The bytes of a file."""
    stored = attachments.get(request.ctx, pk)
    is_shown = stored.content_type in SHOWN and not request.GET.get("download")
    answer = FileResponse(
        open_file(stored), as_attachment=not is_shown, filename=stored.name, content_type=stored.content_type
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
