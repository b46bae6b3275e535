"""The parts of the description that many operations share: problems, jobs, files, histories, and each record type."""

from __future__ import annotations

from guanxi.api import problems, schemas
from guanxi.api.schemas import Schema
from guanxi.records import registry

ABOUT = (
    "Every record type with every verb, with the rights of the person whose access token is shown. Money, numbers and "
    "percentages are texts, days and moments ISO 8601, a choice its stored value. Changes name the version they are "
    "based on (If-Match) and may carry an Idempotency-Key. Problems are application/problem+json."
)

_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_INTEGER: Schema = {"type": "integer"}
_BOOLEAN: Schema = {"type": "boolean"}
_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
_OBJECT: Schema = {"type": "object"}
_BOTH: Schema = {"type": "object", "additionalProperties": {"type": "string"}}


def _of(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required or properties)}


def _items(properties: Schema) -> Schema:
    return _of({"items": {"type": "array", "items": _of(properties)}})


_REASON = _of({"clause": _TEXT, "message": _TEXT, "figures": _OBJECT, "remedy": _MAYBE_TEXT, "blocking": _BOOLEAN})
_PROBLEM = _of(
    {
        "type": _TEXT,
        "title": _TEXT,
        "status": _INTEGER,
        "detail": _TEXT,
        "code": {"type": "string", "enum": list(problems.TITLES)},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}},
        "decision": _of({"allowed": _BOOLEAN, "reasons": {"type": "array", "items": _REASON}}),
        "current_version": _INTEGER,
        "changes": {"type": "object", "additionalProperties": _of({"yours": {}, "current": {}})},
        "reference": _TEXT,
        "merged_into": _of({"id": _TEXT, "href": _TEXT}),
    },
    "type", "title", "status", "detail", "code",
)  # fmt: skip
_JOB = _of(
    {
        "id": _TEXT,
        "kind": _TEXT,
        "title": _TEXT,
        "state": {"type": "string", "enum": ["queued", "running", "done", "failed", "parked", "cancelled"]},
        "is_finished": _BOOLEAN,
        "done": _INTEGER,
        "total": {"type": ["integer", "null"]},
        "message": _TEXT,
        "error": _TEXT,
        "result": {},
        "file": _MAYBE_TEXT,
        "created_at": _MOMENT,
        "finished_at": _MOMENT,
    }
)
_FILE = _of({"id": _TEXT, "name": _TEXT, "content_type": _TEXT, "size": _INTEGER, "sha256": _TEXT, "content": _TEXT})
_IMPORT = _of(
    {
        "id": _TEXT,
        "module": _TEXT,
        "state": _TEXT,
        "file": _TEXT,
        "headings": {"type": "array", "items": _TEXT},
        "mapping": {"type": "object", "additionalProperties": _TEXT},
        "fields": {"type": "array", "items": _TEXT},
        "sheet": _TEXT,
        "encoding": _TEXT,
        "header_row": {"type": ["integer", "null"]},
        "total": {"type": ["integer", "null"]},
        "summary": _OBJECT,
        "error": _TEXT,
        "job": _MAYBE_TEXT,
    }
)
_IMPORT_ROW = _of(
    {
        "line": _INTEGER,
        "state": _TEXT,
        "values": {"type": "array"},
        "problems": {"type": "array", "items": _of({"field": _TEXT, "message": _TEXT})},
        "request": _MAYBE_TEXT,
        "record": _MAYBE_TEXT,
    }
)
_IMPORT_ROWS = _of({"items": {"type": "array", "items": _IMPORT_ROW}, "after": {"type": ["integer", "null"]}})
_RESULT = _of({"module": _MAYBE_TEXT, "id": _TEXT, "title": _TEXT, "href": _TEXT})
_DONE = _of(
    {
        "record": {"type": ["object", "null"], "description": "The record as it is now, while the caller sees it."},
        "result": {"oneOf": [_RESULT, {"type": "null"}], "description": "What the verb made beside it."},
        "_told": {"type": "array", "items": _of({"message": _TEXT, "secret": _MAYBE_TEXT})},
    },
    "record", "result",
)  # fmt: skip
_HISTORY = _items(
    {
        "at": _MOMENT,
        "actor": _TEXT,
        "action": _TEXT,
        "source": _TEXT,
        "token": {**_MAYBE_TEXT, "description": "The access token through which it was done; null for a person."},
        "approved_by": {"type": "array", "items": _TEXT, "description": "Who agreed to it, where that was asked for."},
        "reason": _TEXT,
        "outcome": _TEXT,
        "changes": {"type": "array", "items": _of({"label": _TEXT, "old": _TEXT, "new": _TEXT})},
    }
)
_DUPLICATES = _items(
    {
        "id": _MAYBE_TEXT,
        "title": _TEXT,
        "same": _TEXT,
        "label": _TEXT,
        "owner": _TEXT,
        "department": _TEXT,
        "strict": _BOOLEAN,
        "clause": _TEXT,
    }
)
_HITS = _items({"module": _TEXT, "id": _TEXT, "title": _TEXT, "number": _TEXT, "note": _TEXT, "href": _TEXT})
_ME = _of(
    {
        "id": _TEXT,
        "name": _TEXT,
        "username": _TEXT,
        "department": _MAYBE_TEXT,
        "language": _TEXT,
        "token": _MAYBE_TEXT,
    }
)
_RECORD_TYPE = _of(
    {
        "key": _TEXT,
        "label": _BOTH,
        "label_plural": _BOTH,
        "may": {"type": "array", "items": _TEXT},
        "title": _TEXT,
        "sort": _TEXT,
        "fields": {"type": "array", "items": _OBJECT},
        "computed": {"type": "array", "items": _OBJECT},
        "lines": {"type": "array", "items": _OBJECT},
        "states": {"type": ["object", "null"]},
        "views": {"type": "array", "items": _OBJECT},
        "actions": {"type": "array", "items": _OBJECT},
    },
    "key", "label", "label_plural", "may",
)  # fmt: skip

_ASKED = _of({"approval": _of({"id": _TEXT, "href": _TEXT, "message": _TEXT})})


def all_of_them() -> Schema:
    """Schemas, answers, headers and ways to say who one is."""
    shared = {
        "Problem": _PROBLEM, "Job": _JOB, "File": _FILE, "Import": _IMPORT, "ImportRows": _IMPORT_ROWS, "Done": _DONE,
        "History": _HISTORY, "Duplicates": _DUPLICATES, "Hits": _HITS, "Me": _ME, "RecordType": _RECORD_TYPE,
        "Asked": _ASKED,
    }  # fmt: skip
    types = {module.key: schemas.record(registry.entry(module)) for module in registry.modules()}
    problem = {
        "description": "What is wrong, in the caller's language.",
        "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {
        "schemas": {**shared, **types},
        "responses": {"Problem": problem},
        "headers": {
            "ETag": {"description": "The version of the record, for If-Match.", "schema": _TEXT},
            "Location": {"description": "Where it is.", "schema": _TEXT},
        },
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "An access token, made under one's settings."},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "guanxi_session",
                "description": "A browser that is logged in; changes also need X-CSRFToken.",
            },
        },
    }
