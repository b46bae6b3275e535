"""Who may do what, and by which numbers: the whole policy of this installation, for auditors and for programs."""

import json
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from guanxi.config.commands.database import require_prepared_database
from guanxi.kernel.policy import declared
from guanxi.platform.access.models import ANY, Role, RoleRight, Scope
from guanxi.platform.calendar import today
from guanxi.platform.policy.values import values_on
from guanxi.records import registry
from guanxi.records.module import Module
from guanxi.records.standard import STANDARD, action_of

#: Abilities that are rights without being actions.
_WITHOUT_ACTION = ("view", "import", "export")


def dump(options: Namespace) -> int:
    """Prints roles with what they may do on each record type, the fields, and the parameters in force today.

    Raises:
        Conflict: the database is not prepared.
    """
    require_prepared_database()
    found = policy()
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1, default=str))
        return 0
    for right in found["rights"]:
        print(f"{right['role']:<18} {right['module']:<28} {right['action']:<22} {right['scope']}")
    for each in found["parameters"]:
        sign = "" if each["value"] == each["default"] else "*"
        print(f"{each['name']:<44} {each['value']!s:>14}{sign:<1} {each['unit']:<8} {each['clause']}")
    print(_("* differs from the regulation"))
    return 0


def policy() -> dict[str, list[dict[str, Any]]]:
    """The policy as plain data: `rights` (role × module × action → scope, nothing where there is no right), `modules`
    with their fields, `parameters` with the value in force today."""
    return {"rights": list(_rights()), "modules": list(_modules()), "parameters": list(_parameters())}


def _rights() -> Iterator[dict[str, Any]]:
    """Every right that a role really has: its own lines, spread over the record types and actions that they reach."""
    for role in Role.objects.filter(deleted_at=None).order_by("code"):
        lines = list(RoleRight.objects.filter(role=role, deleted_at=None))
        for module in registry.modules():
            for action in actions_of(module):
                scope = max((Scope(line.scope) for line in lines if _reaches(line, module, action)), default=Scope.NONE)
                if scope is not Scope.NONE:
                    yield {
                        "role": role.code, "kind": role.kind, "module": module.key, "action": action,
                        "scope": scope.name.lower(),
                    }  # fmt: skip


def _reaches(line: RoleRight, module: Module, action: str) -> bool:
    return line.module in (ANY, *module.names) and line.action in (ANY, action)


def actions_of(module: Module) -> list[str]:
    """The names of everything that may be done to a record type: standard verbs, its own, viewing, import, export."""
    standard = [name for name in STANDARD if action_of(module, name)]
    return sorted({*_WITHOUT_ACTION, *standard, *registry.entry(module).actions})


def _modules() -> Iterator[dict[str, Any]]:
    for module in registry.modules():
        known = registry.entry(module)
        yield {
            "module": module.key,
            "profile": module.profile,
            "follows": module.scope_through,
            "hidden": list(module.hidden),
            "fields": [
                {
                    "name": spec.name,
                    "kind": spec.kind.name,
                    "class": spec.data_class.name,
                    "required": spec.required,
                    "editable": spec.editable,
                }
                for spec in known.fields.values()
            ],
        }


def _parameters() -> Iterator[dict[str, Any]]:
    day = today()
    values = values_on(day)
    for each in declared():
        yield {
            "name": each.name, "clause": each.clause, "unit": each.unit, "default": each.default,
            "value": values[each.name], "on": day,
        }  # fmt: skip
