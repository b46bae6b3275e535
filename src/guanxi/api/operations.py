"""What the interface offers: each operation with its address, what it does and how it describes itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase

from guanxi.api.calls import Call
from guanxi.api.replies import Reply, response, written
from guanxi.api.schemas import Schema

Run = Callable[..., HttpResponseBase]

#: The parameter of the path that names one thing.
ID = "{id}"


@dataclass(frozen=True)
class Operation:
    """One method of one address.

    `path`: below /api/v1/, with "{id}" where one thing is named; `name`: unique, "customers_customer_list"; `run`:
    takes the call, and the id where there is one; `describe`: its parameters, body and answers as OpenAPI has them,
    worked out when somebody reads them.
    """

    method: str
    path: str
    name: str
    summary: Any
    run: Run
    describe: Callable[[], Schema]
    tag: Any = ""

    @property
    def names_one(self) -> bool:
        return ID in self.path


def parameter(name: str, shape: Schema, description: str, *, place: str = "query", required: bool = False) -> Schema:
    """A parameter as OpenAPI describes it."""
    return {"name": name, "in": place, "schema": shape, "description": description, "required": required}


def json_body(shape: Schema, *, required: bool = False) -> Schema:
    """A JSON body as OpenAPI describes it."""
    return {"required": required, "content": {"application/json": {"schema": shape}}}


def json_answer(shape: Schema, description: str, headers: Iterable[str] = ()) -> Schema:
    """A JSON answer as OpenAPI describes it."""
    told: Schema = {"description": description, "content": {"application/json": {"schema": shape}}}
    named = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {**told, "headers": named} if named else told


def described(
    answers: Schema,
    *,
    problems: Iterable[int] = (),
    parameters: Iterable[Schema] = (),
    body: Schema | None = None,
) -> Schema:
    """An operation's description; `problems`: the statuses that it may answer beside those that any call may get."""
    told: Schema = {
        "responses": {**answers, **problem_answers(400, 401, 403, 404, 422, 429, 500, *problems)},
        "parameters": list(parameters),
    }
    return {**told, "requestBody": body} if body is not None else told


def problem_answers(*statuses: int) -> Schema:
    """Answers that are problems, by their statuses."""
    return {str(status): {"$ref": "#/components/responses/Problem"} for status in sorted(set(statuses))}


def reference(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


IF_MATCH = parameter(
    "If-Match",
    {"type": "string"},
    "The ETag of the record as it was read; the change is refused (412) when somebody else has saved it since.",
    place="header",
    required=True,
)
IDEMPOTENCY_KEY = parameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 150, "pattern": "^[ -~]+$"},
    "A key of one's own for this change: sent again with the same key, it acts once and is answered the same.",
    place="header",
)


def reading(run: Callable[..., Reply]) -> Run:
    """An operation that only reads."""

    def act(call: Call, *arguments: str) -> HttpResponseBase:
        return response(run(call, *arguments))

    return act


def writing(run: Callable[..., Reply], first: Callable[..., Any] | None = None) -> Run:
    """An operation that writes and honours the Idempotency-Key.

    `first` is done before the transaction begins, and what it gives is handed to `run`: a file is looked through by
    other programs, which nothing waits for with the database held. Of a call that is repeated it stays unused.
    """

    def act(call: Call, *arguments: str) -> HttpResponseBase:
        given = () if first is None else (first(call, *arguments),)
        return written(call, lambda: run(call, *arguments, *given))

    return act
