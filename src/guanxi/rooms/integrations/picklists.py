"""What a webhook may listen to: the record types and verbs that the program has now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from guanxi.records import registry
from guanxi.records.describing import types_to_choose, verbs_to_choose
from guanxi.records.module import Module
from guanxi.records.picklists import declare

#: A record that was deleted for good can no longer be told about; that it went to the bin was told before.
_NEVER_TOLD = frozenset({"purge"})


def _told_of() -> list[Module]:
    """Every record type but the room's own: a delivery about a delivery would never end."""
    return [module for module in registry.modules() if module.app != "integrations"]


def _record_types() -> Iterator[tuple[str, Any]]:
    return types_to_choose(_told_of())


def _verbs() -> Iterator[tuple[str, Any]]:
    return (verb for verb in verbs_to_choose(_told_of()) if verb[0] not in _NEVER_TOLD)


RECORD_TYPES: Final = declare("integrations.record_types", _("record types"), _record_types)
VERBS: Final = declare("integrations.verbs", _("verbs"), _verbs)
