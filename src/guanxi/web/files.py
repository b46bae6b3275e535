"""The page of a kept file: only for who may see the record it belongs to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from guanxi.platform.files.serving import served
from guanxi.records import attachments
from guanxi.web.gate import Request


@require_GET
def download(request: Request, pk: Any) -> HttpResponseBase:
    """The bytes of a file."""
    return served(attachments.get(request.ctx, pk), download=bool(request.GET.get("download")))
