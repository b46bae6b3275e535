"""Who may be appointed to keep the archive: nobody who was hired yesterday (SEC-05, SEC-06)."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from guanxi.kernel.errors import Invalid, NotAllowed, Refused, Unconfirmed
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.standard import edit
from guanxi.rooms.administration.actions import END_WAIVER, GIVE_ROLE, WAIVE_SERVICE
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


def waive(world: World, username: str = "general_manager", reason: str = "曾任同业档案主管六年", **more: Any) -> None:
    run(WAIVE_SERVICE, world.ctx(username, reason=reason, **more), PERSON, world["clerk"])


@pytest.fixture
def newcomer(world: World) -> World:
    edit(world.ctx("system_admin"), PERSON, world["clerk"], joined_on=datetime.date(2026, 11, 2))
    return world


@pytest.mark.clause("SEC-06")
def test_the_general_manager_makes_an_exception_with_a_reason_that_the_security_administrator_hears(
    newcomer: World,
) -> None:
    waive(newcomer)
    newcomer["clerk"].refresh_from_db()
    assert newcomer["clerk"].service_waived_on == datetime.date(2026, 11, 21)
    told = Notice.objects.get(person=newcomer["security_admin"], kind="security")
    assert (told.title, told.body) == ("周建国准许何小雨提前管理档案", "曾任同业档案主管六年")
    entry = AuditEntry.objects.get(action="waive_service", record_id=newcomer["clerk"].pk)
    assert (entry.actor, entry.reason) == (newcomer["general_manager"], "曾任同业档案主管六年")
    assert entry.changes == {"service_waived_on": [None, "2026-11-21"]}
    appoint(newcomer)
    assert PersonRole.objects.filter(person=newcomer["clerk"], role__code="archivist", deleted_at=None).exists()


@pytest.mark.clause("SEC-06")
def test_an_exception_is_the_general_managers_alone_and_never_without_a_reason(newcomer: World) -> None:
    before = digest()
    for username in ("sales_manager", "security_admin", "system_admin", "archivist", "clerk"):
        with pytest.raises(NotAllowed):
            waive(newcomer, username)
    with pytest.raises(Invalid) as caught:
        waive(newcomer, reason=" ")
    assert set(caught.value.errors) == {"reason"}
    with pytest.raises(Unconfirmed):
        run(
            WAIVE_SERVICE,
            dataclasses.replace(newcomer.ctx("general_manager", reason="急用"), confirmed_at=None),
            PERSON,
            newcomer["clerk"],
        )
    with pytest.raises(Refused):  # of himself he makes none
        run(WAIVE_SERVICE, newcomer.ctx("general_manager", reason="急用"), PERSON, newcomer["general_manager"])
    with pytest.raises(Refused):
        appoint(newcomer)
    assert digest() == before


@pytest.mark.clause("SEC-06")
def test_an_exception_ends_and_who_needs_none_gets_none(newcomer: World) -> None:
    waive(newcomer)
    run(END_WAIVER, newcomer.ctx("general_manager", reason="人选另定"), PERSON, newcomer["clerk"])
    with pytest.raises(Refused):
        appoint(newcomer)
    edit(newcomer.ctx("system_admin"), PERSON, newcomer["clerk"], joined_on=datetime.date(2020, 3, 1))
    with pytest.raises(Refused) as caught:
        waive(newcomer)
    assert [reason.clause for reason in caught.value.decision.blocking] == ["SEC-06"]
