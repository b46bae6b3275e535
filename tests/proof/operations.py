"""The operations of the interface by shape: what stands for a record type is "*", for a verb of it "{verb}"."""

from __future__ import annotations

from guanxi.api.operations import Operation
from guanxi.kernel.errors import NotFound
from guanxi.records import registry
from guanxi.records.module import Module
from tests.proof.routes import OPERATIONS


def type_of(operation: Operation) -> Module | None:
    """The record type that an operation is about, None for what is about no type."""
    try:
        return registry.module(".".join(operation.path.split("/")[:2]))
    except NotFound:
        return None


def verb_in(operation: Operation) -> str:
    """The verb in the address of an operation, "" where there is none."""
    return operation.path.partition("actions/")[2]


def shape_of(operation: Operation) -> str:
    """Method and path, with what differs from type to type left open."""
    path, verb = operation.path, verb_in(operation)
    if f"{operation.method} {path}" in OPERATIONS:
        return f"{operation.method} {path}"
    if verb:
        path = path.removesuffix(verb) + "{verb}"
    if type_of(operation) is not None:
        path = "/".join(["*", *path.split("/")[2:]])
    return f"{operation.method} {path}"
