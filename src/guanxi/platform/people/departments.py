"""The organisation tree's bookkeeping: each department's path, kept right when departments move."""

from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

MAX_DEPTH = 20
# "/" and 32 hexadecimal digits for each level, and the closing "/".
PATH_LENGTH = MAX_DEPTH * 33 + 1


def lock_tree(model: type[models.Model]) -> None:
    """Hold every department until the transaction ends, so that two moves at once cannot close a circle."""
    list(model._default_manager.select_for_update().order_by("pk").values_list("pk", flat=True))


def path_below(parent_path: str, own_id: str) -> str:
    """The path of the department `own_id` (hexadecimal) below `parent_path`; Invalid on a circle or too deep."""
    if f"/{own_id}/" in parent_path:
        raise Invalid({"parent": [Message("A department cannot be placed below itself.")]})
    path = f"{parent_path or '/'}{own_id}/"
    if len(path) > PATH_LENGTH:
        raise Invalid({"parent": [Message("Departments go at most %(levels)s levels deep.", levels=MAX_DEPTH)]})
    return path


def move_subtree(model: type[models.Model], old_path: str, new_path: str) -> None:
    """Give everything below `old_path` its place below `new_path`; in the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a subtree moves in one transaction or not at all")
    below = model._default_manager.filter(path__startswith=old_path).exclude(path=old_path)
    deepest = max((len(path) for path in below.values_list("path", flat=True)), default=0)
    if deepest - len(old_path) + len(new_path) > PATH_LENGTH:
        raise Invalid({"parent": [Message("Departments go at most %(levels)s levels deep.", levels=MAX_DEPTH)]})
    below.update(path=Concat(Value(new_path), Substr("path", len(old_path) + 1)))
