"""The addresses of the product, as the URL table has them, and the operations of the interface."""

import json
from argparse import Namespace
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

_SHOWN = ("methods", "pattern", "name")


def routes() -> list[dict[str, str]]:
    """Every address: its methods ("" where the view decides), pattern, name with namespaces, and what answers."""
    return [*_below(get_resolver(), "/", ""), *_of_the_interface()]


def _of_the_interface() -> Iterator[dict[str, str]]:
    """The operations below /api/, which the URL table knows as one address."""
    from guanxi.api import building

    for operation in building.operations():
        yield {
            "methods": operation.method,
            "pattern": f"/{building.BASE}{operation.path}",
            "name": f"api:{operation.name}",
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
                "methods": "",
                "pattern": pattern,
                "name": f"{namespace}{entry.name or ''}",
                "view": _view_name(entry),
            }


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
