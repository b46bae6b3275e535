"""Who may be appointed to keep the archive: nobody who was hired yesterday (SEC-05, SEC-06)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guanxi.kernel.errors import Refused
from guanxi.platform.access.models import PersonRole, Role
from guanxi.records.actions import run
from guanxi.records.standard import edit
from guanxi.rooms.administration.actions import GIVE_ROLE
from guanxi.rooms.administration.rules import may_keep_archive
from tests.digest import digest
from tests.people import World

PERSON = "people.person"


def appoint(world: World, code: str = "archivist", **more: Any) -> None:
    role = Role.objects.get(code=code)
    run(GIVE_ROLE, world.ctx("security_admin"), PERSON, world["clerk"], {"role": role, **more})


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize("joined_on", [None, datetime.date(2025, 11, 22), datetime.date(2026, 11, 1)])
def test_who_is_new_does_not_keep_the_archive(world: World, joined_on: datetime.date | None) -> None:
    edit(world.ctx("system_admin"), PERSON, world["clerk"], joined_on=joined_on)
    before = digest()
    with pytest.raises(Refused) as caught:
        appoint(world)
    assert [reason.clause for reason in caught.value.decision.blocking] == ["SEC-06"]
    assert digest() == before
    appoint(world, "storekeeper")  # any other role


@pytest.mark.clause("SEC-05", "SEC-06")
def test_after_a_year_somebody_is_appointed_by_name_with_what_speaks_for_him(world: World) -> None:
    edit(world.ctx("system_admin"), PERSON, world["clerk"], joined_on=datetime.date(2025, 11, 21))
    appoint(world, note="在公司满一年，熟悉全局，善于调查分析")
    held = PersonRole.objects.get(person=world["clerk"], role__code="archivist", deleted_at=None)
    assert (held.note, held.created_by) == ("在公司满一年，熟悉全局，善于调查分析", world["security_admin"])


@pytest.mark.clause("SEC-06")
def test_the_length_of_service_is_a_parameter() -> None:
    day = datetime.date(2026, 11, 21)
    assert may_keep_archive(datetime.date(2026, 8, 21), day, 3).allowed
    assert not may_keep_archive(datetime.date(2026, 8, 22), day, 3).allowed
    assert may_keep_archive(None, day, 0).allowed
