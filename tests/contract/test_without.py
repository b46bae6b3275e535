"""A verb that a record type has opted out of is refused by the pipeline itself, whoever has the right."""

from __future__ import annotations

import dataclasses

import pytest

from guanxi.kernel.errors import NotAllowed
from guanxi.platform.access.models import Role, RoleRight, Scope
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.module import Module
from guanxi.records.standard import REVEAL, STANDARD, action_of
from tests.digest import digest
from tests.people import World

MODULES = [module for module in registry.modules() if any(action_of(module, verb) is None for verb in STANDARD)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.key)
def test_what_a_record_type_cannot_do_is_refused_even_with_the_right(world: World, module: Module) -> None:
    missing = [verb for name, verb in STANDARD.items() if action_of(module, name) is None and name != REVEAL.name]
    role = Role.objects.get(code="general_manager")
    RoleRight.objects.filter(role=role, module=module.key).delete()
    RoleRight.objects.bulk_create(
        RoleRight(role=role, module=module.key, action=verb.name, scope=Scope.ALL) for verb in missing
    )
    ctx = dataclasses.replace(world.ctx("general_manager"), reason="x")
    before = digest()
    for verb in missing:
        with pytest.raises(NotAllowed):
            run(verb, ctx, module, None, {}, confirmed=True)
    assert digest() == before
