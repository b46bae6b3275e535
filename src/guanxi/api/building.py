"""The addresses of the interface and its description, built at the first call from everything that is registered."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from guanxi.api import components, own, records, transfers
from guanxi.api.calls import Call
from guanxi.api.operations import Operation, described, json_answer
from guanxi.api.schemas import Schema
from guanxi.platform import calendar
from guanxi.records import registry

BASE = "api/v1/"
VERSION = "1"
_KEPT = datetime.timedelta(minutes=1)


def operations() -> Iterator[Operation]:
    """Everything that the interface offers. What is named stands before what takes any id."""
    yield Operation(
        "GET", "openapi.json", "openapi", _("This description"), _description, _describe_description, _("General")
    )
    yield from own.general()
    yield from transfers.general()
    for module in registry.modules():
        known = registry.entry(module)
        yield from transfers.of_module(known)
        yield from records.of_module(known)


@cache
def interface() -> NinjaAPI:
    """The interface: one operation per record type and verb."""
    api = _Interface(title="Guanxi", version=VERSION, docs_url=None, openapi_url=None, urls_namespace="api-v1")
    for operation in operations():
        api.default_router.add_api_operation(
            f"/{operation.path}", [operation.method], _view(operation), operation_id=operation.name
        )
    return api


@cache
def resolver() -> URLResolver:
    """The table of addresses below /api/."""
    return URLResolver(RegexPattern(r"^v1/"), interface().urls[0])


class _Interface(NinjaAPI):
    """Problems are answered in one place, see `door`; nothing is answered here."""

    def set_default_exception_handlers(self) -> None:
        pass


def _view(operation: Operation) -> Any:
    if operation.names_one:

        def view(request: HttpRequest, id: str) -> HttpResponseBase:
            return operation.run(request.call, id)  # type: ignore[attr-defined]
    else:

        def view(request: HttpRequest) -> HttpResponseBase:  # type: ignore[misc]
            return operation.run(getattr(request, "call", None))

    view.operation = operation  # type: ignore[attr-defined]
    return view


# ---- The description -------------------------------------------------------------------------------------------------


class _Description(OpenAPISchema):
    """OpenAPI with what the record types say of themselves, in the reader's language."""

    def operation_details(self, operation: Any) -> Schema:
        ours: Operation = operation.view_func.operation
        told = ours.describe()
        return {
            **super().operation_details(operation),
            "summary": str(ours.summary),
            "tags": [str(ours.tag)],
            **told,
            "parameters": [*self.operation_parameters(operation), *told["parameters"]],
        }

    def get_components(self) -> Schema:
        return components.all_of_them()


def document() -> Schema:
    """The description of the whole interface (OpenAPI 3.1)."""
    told = dict(_Description(interface(), BASE))
    told["info"] = {**told["info"], "description": components.ABOUT}
    told["security"] = [{"token": []}, {"session": []}]
    told["paths"][f"/{BASE}openapi.json"]["get"]["security"] = []
    return told


_documents: dict[str, tuple[datetime.datetime, bytes]] = {}


def _description(call: Call | None) -> HttpResponseBase:
    language, now = translation.get_language() or "", calendar.now()
    made_at, text = _documents.get(language, (now - 2 * _KEPT, b""))
    if abs(now - made_at) > _KEPT:
        text = json.dumps(document(), ensure_ascii=False, cls=DjangoJSONEncoder).encode()
        _documents[language] = (now, text)
    return HttpResponse(text, content_type="application/json")


def _describe_description() -> Schema:
    return described({"200": json_answer({"type": "object"}, "OpenAPI 3.1.")})
