"""What the pages of the logs are asked by their address: who, what, when, and from which entry on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid
from guanxi.platform.access.models import AccessToken
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.web import addresses
from guanxi.web.entered import is_id
from guanxi.web.gate import Request

#: Entries on one page of a log.
SHOWN = 50
_IDS = ("person", "token", "record")
_DAYS = ("from", "until")


class Question:
    """The conditions of one page of a log, by the names that the page knows."""

    def __init__(self, request: Request, path: str, names: Sequence[str]) -> None:
        self.path = path
        self.given = {name: value for name in names if (value := request.GET.get(name, "").strip())}
        self.before = request.GET.get("before", "")
        self.wrong: dict[str, str] = {}

    @cached_property
    def filters(self) -> dict[str, Any]:
        """What can be read of the address; of what cannot, `wrong` tells why."""
        filters: dict[str, Any] = dict(self.given)
        for name in _DAYS:
            if name in filters:
                try:
                    filters[name] = parse_date(filters[name])
                except Invalid as problem:
                    self.wrong[name] = str(problem.message)
                    del filters[name]
        for name in _IDS:
            if name in filters and not is_id(filters[name]):
                del filters[name]
        if self.before.isdigit() and len(self.before) < 18:
            filters["before"] = int(self.before)
        return filters

    @property
    def status(self) -> int:
        return 422 if self.wrong else 200

    @property
    def is_narrowed(self) -> bool:
        return bool(self.given)

    def part(self, entries: QuerySet[Any]) -> tuple[Sequence[Any], str | None]:
        """The entries of this page, and the address of the next, older ones."""
        found = list(entries[: SHOWN + 1])
        shown = found[:SHOWN]
        older = addresses.with_query(self.path, {**self.given, "before": shown[-1].pk}) if len(found) > SHOWN else None
        return shown, older

    @property
    def newest(self) -> str | None:
        """The way back to the first page."""
        return addresses.with_query(self.path, self.given) if "before" in self.filters else None

    # ---- The form above the log ----

    def select(self, name: str, label: str, options: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        """A choice of one."""
        chosen = self.given.get(name, "")
        offered = [("", _("All"), not chosen), *((value, text, value == chosen) for value, text in options)]
        return {"name": name, "label": label, "widget": "select", "choices": offered}

    def day(self, name: str, label: str) -> dict[str, Any]:
        """A day, with what is wrong with it."""
        errors = [self.wrong[name]] if name in self.wrong else []
        return {"name": name, "label": label, "widget": "date", "value": self.given.get(name, ""), "errors": errors}

    def people(self) -> dict[str, Any]:
        """Everybody who was ever entered."""
        people = Person.objects.order_by("name_pinyin").values_list("pk", "name")
        return self.select("person", _("Person"), [(str(pk), name) for pk, name in people])

    def tokens(self) -> list[dict[str, Any]]:
        """Every access token there ever was, valid or not; nothing to choose while there is none."""
        rows = AccessToken.objects.select_related("owner").order_by("owner__name_pinyin", "name", "created_at")
        offered = [(str(token.pk), f"{token.owner.name} · {token.name} ({token.hint}…)") for token in rows]
        return [self.select("token", _("Access token"), offered)] if offered else []

    def modules(self) -> dict[str, Any]:
        """Every record type."""
        named = ((module.key, str(module.label)) for module in registry.modules())
        return self.select("module", _("Record type"), sorted(named, key=lambda pair: pair[1]))
