"""The addresses of the product, as the URL table has them."""

import json
from argparse import Namespace
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> list[dict[str, str]]:
    """Every address: its pattern, its name with namespaces, the function that answers."""
    return list(_below(get_resolver(), "/", ""))


def _below(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[dict[str, str]]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _below(entry, pattern, inner)
        else:
            yield {"pattern": pattern, "name": f"{namespace}{entry.name or ''}", "view": _view_name(entry)}


def _view_name(entry: URLPattern) -> str:
    view = getattr(entry.callback, "view_class", entry.callback)
    return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"


def list_routes(options: Namespace) -> int:
    """Prints the addresses as a table, or as JSON for programs."""
    found = routes()
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    widths = [max((len(route[column]) for route in found), default=0) for column in ("pattern", "name")]
    for route in found:
        print(f"{route['pattern']:<{widths[0]}}  {route['name']:<{widths[1]}}  {route['view']}")
    return 0
