"""What the table of rights promises, worked out apart from the code that enforces it."""

from __future__ import annotations

from guanxi.records.module import Module
from guanxi.rooms.administration.roles import ROLES
from tests.people import CAST

NOTHING, OWN, ALL = "nothing", "own", "all"
_ORDER = [NOTHING, OWN, ALL]
#: Whose the records of the tests are.
OWNER = "li_wei"
#: What reaches a department is told apart by tests of its own: here each stands for at least one's own.
_NAMES = {1: OWN, 2: OWN, 3: OWN, 4: ALL}


def reach(username: str, module: Module, action: str) -> str:
    """How far a person reaches: his role's line and the base role's, whichever is wider."""
    widest = NOTHING
    for role in ROLES:
        if role.code not in (CAST[username][2], "employee"):
            continue
        for profile, line in role.rights.items():  # a line of rights, or one record type
            for scope, actions in line.items():
                if profile in (module.profile, module.key) and action in actions.split():
                    widest = max(widest, _NAMES[int(scope)], key=_ORDER.index)
    return widest


def may(username: str, module: Module, action: str, *, own: bool) -> bool:
    """Whether a person may do the action on a record that is, or is not, his."""
    scope = reach(username, module, action)
    seen = reach(username, module, "view")
    if not module.has_owner and not module.scope_through:
        return scope == ALL and seen == ALL
    return (scope == ALL and (seen == ALL or own)) or (scope == OWN and own and seen != NOTHING)


def people(module: Module, *actions: str) -> list[str]:
    """One person of each kind of reach that there is, and whose the record is: the others differ in nothing."""
    kinds = {
        (username == OWNER, *(reach(username, module, action) for action in ("view", *actions))): username
        for username in reversed(CAST)
    }
    return list(kinds.values())
