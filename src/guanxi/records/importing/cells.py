"""The cells of an import's rows as they wait for being written: those of sealed columns encrypted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from guanxi.records.fields import Sealed
from guanxi.records.importing.reading import value_of

#: Where a sealed cell belongs: in no other column does it open.
PLACE = "records.importrow.values"
_SEALED = "s"


def sealed(cells: Sequence[Any], places: Iterable[int]) -> list[Any]:
    """The row with the cells at these places encrypted: identity numbers, accounts. What is empty stays so."""
    kept = list(cells)
    for place in places:
        if place < len(kept) and kept[place] not in (None, ""):
            kept[place] = {_SEALED: Sealed(PLACE, plain=str(value_of(kept[place]))).stored}
    return kept


def opened(cell: Any) -> Any:
    """A cell as a value, a sealed one in clear: for writing it, and for the importer's own file of refused rows."""
    found = shown(cell)
    return found.plain if isinstance(found, Sealed) else found


def shown(cell: Any) -> Any:
    """A cell as a value; a sealed one is a Sealed, whose text is its mask."""
    if isinstance(cell, dict) and _SEALED in cell:
        return Sealed(PLACE, stored=cell[_SEALED])
    return value_of(cell)
