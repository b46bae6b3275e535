"""The bare framework beside which the product is measured: the same fifty customers in a plain Django list view."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from granian.constants import Interfaces  # noqa: E402
from granian.log import LogLevels  # noqa: E402
from granian.server import Server  # noqa: E402
from jinja2 import Environment  # noqa: E402

from guanxi.rooms.customers.public import Customer  # noqa: E402

PAGE = Environment(autoescape=True).from_string(
    "<table>{% for row in rows %}<tr><td>{{ row.name }}</td><td>{{ row.demand_level }}</td><td>{{ row.status }}</td>"
    "<td>{{ row.owner.name }}</td><td>{{ row.city }}</td><td>{{ row.industry }}</td><td>{{ row.sales_12m }}</td>"
    "<td>{{ row.last_contact_on }}</td><td>{{ row.changed_at }}</td></tr>{% endfor %}</table>"
)


def show(request: HttpRequest) -> HttpResponse:
    """The newest fifty customers with their owners, without rights, filters, tabs or layout."""
    rows = Customer.objects.filter(deleted_at=None).select_related("owner").order_by("-changed_at", "-id")[:50]
    return HttpResponse(PAGE.render(rows=rows))


urlpatterns = [path("", show)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIHandler()


if __name__ == "__main__":
    Server(
        "tools.bench_bare:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        log_level=LogLevels.warning,
    ).serve()
