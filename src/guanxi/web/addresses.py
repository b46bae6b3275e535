"""The addresses of a record type's pages, made in one place: /customers/customer/ and below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from guanxi.kernel import clauses
from guanxi.records import registry
from guanxi.records.module import Module


def of_module(module: Module | str, *parts: object, query: Mapping[str, Any] | None = None) -> str:
    """The address of a page of a record type: `of_module(module, "import")`; without parts, its list."""
    known = registry.module(module) if isinstance(module, str) else module
    path = f"/{known.app}/{known.noun}/" + "".join(f"{part}/" for part in parts)
    return with_query(path, query)


def listing(module: Module | str, **query: Any) -> str:
    """The list of a record type, with its query: filters, view, order."""
    return of_module(module, query=query)


def record(module: Module | str, pk: Any, *parts: object, **query: Any) -> str:
    """The page of one record, or a page below it: "edit", "history"."""
    return of_module(module, pk, *parts, query=query)


def clause(named: str) -> str:
    """The page of a clause of the regulation; "" for what is no clause that the program serves."""
    return f"/regulation/clauses/{named}/" if clauses.find(named) else ""


def with_query(path: str, query: Mapping[str, Any] | None) -> str:
    """A path with its query string; empty values are left out, lists are repeated."""
    if not query:
        return path
    pairs = [
        (name, item)
        for name, value in query.items()
        for item in (value if isinstance(value, list | tuple) else [value])
        if item not in (None, "")
    ]
    return f"{path}?{urlencode(pairs)}" if pairs else path
