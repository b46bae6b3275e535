"""The addresses of the product, as the URL table has them, and the operations of the interface."""

import json
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from guanxi.web.gate import is_public

_SHOWN = ("methods", "pattern", "name", "policy")
#: Who gets to an address: everybody; who is signed in (the view judges further); who may see the record type.
PUBLIC, SIGNED_IN, RECORD_TYPE, TOKEN = "public", "signed-in", "record-type", "token-or-session"


def routes() -> list[dict[str, str]]:
    """Every address: methods ("" where the view takes any), pattern, name with namespaces, policy, and what answers."""
    return [*_below(get_resolver(), "/", ""), *_of_the_interface()]


def _of_the_interface() -> Iterator[dict[str, str]]:
    """The operations below /api/, which the URL table knows as one address."""
    from guanxi.api import building

    for operation in building.operations():
        yield {
            "methods": operation.method,
            "pattern": f"/{building.BASE}{operation.path}",
            "name": f"api:{operation.name}",
            "policy": TOKEN,
            "view": "guanxi.api.door.enter",
        }


def _below(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[dict[str, str]]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _below(entry, pattern, inner)
        else:
            yield {
                "methods": " ".join(_methods(entry.callback)),
                "pattern": pattern,
                "name": f"{namespace}{entry.name or ''}",
                "policy": _policy(entry.callback),
                "view": _view_name(entry),
            }


def _layers(view: Any) -> Iterator[Any]:
    """A view and the views below its decorators."""
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None)


def _methods(view: Any) -> list[str]:
    """What Django's `require_http_methods` was told: it keeps the list in its closure and nowhere else."""
    for layer in _layers(view):
        names = getattr(getattr(layer, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            return sorted(layer.__closure__[names.index("request_method_list")].cell_contents)
    return []


def _policy(view: Any) -> str:
    if is_public(view):
        return PUBLIC
    return RECORD_TYPE if any(getattr(layer, "is_of_module", False) for layer in _layers(view)) else SIGNED_IN


def _view_name(entry: URLPattern) -> str:
    view = getattr(entry.callback, "view_class", entry.callback)
    return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"


def list_routes(options: Namespace) -> int:
    """Prints the addresses as a table, or as JSON for programs."""
    found = routes()
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    widths = [max((len(route[column]) for route in found), default=0) for column in _SHOWN]
    for route in found:
        columns = (f"{route[column]:<{width}}" for column, width in zip(_SHOWN, widths, strict=True))
        print(f"{'  '.join(columns)}  {route['view']}")
    return 0
