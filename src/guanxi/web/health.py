"""For the machine that watches this one."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guanxi.web.gate import public


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the program answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok", content_type="text/plain")
