"""What a webhook may listen to: the record types and verbs that the program has now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.records import registry
from guanxi.records.module import Module
from guanxi.records.picklists import declare
from guanxi.records.standard import STANDARD

#: A record that was deleted for good can no longer be told about; that it went to the bin was told before.
_NEVER_TOLD = frozenset({"purge"})


def _told_of() -> list[Module]:
    """Every record type but the room's own: a delivery about a delivery would never end."""
    return [module for module in registry.modules() if module.app != "integrations"]


def _record_types() -> Iterator[tuple[str, Any]]:
    for module in _told_of():
        yield module.key, capfirst(str(module.label))


def _verbs() -> Iterator[tuple[str, Any]]:
    own = {action.name: action for module in _told_of() for action in module.actions}
    for name, action in {**own, **STANDARD}.items():
        if name not in _NEVER_TOLD:
            yield name, action.label


RECORD_TYPES: Final = declare("integrations.record_types", _("record types"), _record_types)
VERBS: Final = declare("integrations.verbs", _("verbs"), _verbs)
