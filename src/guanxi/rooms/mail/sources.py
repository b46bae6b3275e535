"""To whom else mail is written: rooms above enter theirs here, as leads, which are neither contacts nor customers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from guanxi.records.context import Context


@dataclass(frozen=True)
class Addressee:
    """Somebody of a room above to whom mail is written."""

    record_id: uuid.UUID
    name: str
    address: str
    company: str = ""
    number: str = ""


class AddresseeSource(Protocol):
    """A record type of a room above to whose records mail is written; `module` is its key."""

    module: str
    label: Any

    def named(self, ctx: Context, text: str) -> Addressee | None:
        """The one with that number, or exactly that name, whom the person may see; None where there is not just one."""

    def addressee(self, ctx: Context, record_id: uuid.UUID) -> Addressee | None:
        """The one with that id, as far as the person may see it."""


addressee_sources: list[AddresseeSource] = []


def source_of(module: str) -> AddresseeSource | None:
    """The source of that record type."""
    return next((source for source in addressee_sources if source.module == module), None)
