"""For the machine that watches this one."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guanxi.web.gate import public


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the program answers and reaches its database."""
    connection.ensure_connection()
    is_usable = connection.is_usable()
    return HttpResponse(
        "ok" if is_usable else "no database", status=200 if is_usable else 503, content_type="text/plain"
    )
