"""What an access token may be narrowed to: the record types and verbs that the program has now."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from guanxi.records import registry
from guanxi.records.describing import types_to_choose, verbs_to_choose
from guanxi.records.picklists import declare

#: Rights that no action stands for.
_RIGHTS = (("view", _("View")), ("import", _("Import")), ("export", _("Export")))


def _record_types() -> Iterator[tuple[str, Any]]:
    return types_to_choose(registry.modules())


def _verbs() -> Iterator[tuple[str, Any]]:
    return chain(_RIGHTS, verbs_to_choose(registry.modules()))


RECORD_TYPES: Final = declare("access.record_types", _("record types"), _record_types)
VERBS: Final = declare("access.verbs", _("verbs"), _verbs)
