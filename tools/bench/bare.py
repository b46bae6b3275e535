"""The bare framework beside which the product is measured: the same rows in a plain Django list view.

One is logged in, by Django's own session; the page counts its rows up to the product's limit, joins the owner, formats
what the product's columns show, and stands in a minimal document. No rights, filters, tabs, menus or news.
"""

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

from guanxi.records.listing import PAGE_SIZE  # noqa: E402
from guanxi.records.selection import COUNT_CAP  # noqa: E402
from guanxi.rooms.customers.public import Customer  # noqa: E402

PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><title>Customers</title><h1>Customers ({{ count }})</h1><p>{{ person.name }}</p><table>"
    "{% for row in rows %}<tr><td><a href='/{{ row.pk }}/'>{{ row.name }}</a></td><td>{{ row.demand_level }}</td>"
    "<td>{{ row.status }}</td><td>{{ row.owner.name }}</td><td>{{ row.city }}</td><td>{{ row.industry }}</td>"
    "<td>{{ row.sales_12m }}</td><td>{{ row.last_contact_on }}</td>"
    "<td>{{ row.changed_at.strftime('%Y-%m-%d %H:%M') }}</td></tr>{% endfor %}</table>"
)


def show(request: HttpRequest) -> HttpResponse:
    """The newest customers with their owners, for who is logged in."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    every = Customer.objects.filter(deleted_at=None)
    rows = every.select_related("owner").order_by("-changed_at", "-id")[:PAGE_SIZE]
    count = every[: COUNT_CAP + 1].count()
    return HttpResponse(PAGE.render(rows=rows, count=count, person=request.user))


urlpatterns = [path("", show)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
application = WSGIHandler()


if __name__ == "__main__":
    Server(
        "tools.bench.bare:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        log_level=LogLevels.warning,
    ).serve()
