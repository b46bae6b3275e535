"""Picklists, calendar and parameters changed by those who may."""

from datetime import date
from decimal import Decimal

import pytest

from guanxi.kernel import policy
from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.kernel.policy import Parameter
from guanxi.platform.calendar.working_days import forget_overrides, is_working_day
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.policy.values import value_of
from guanxi.records import picklists, registry, standard
from guanxi.records.actions import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def limit(monkeypatch):
    monkeypatch.setattr(policy, "_declared", dict(policy._declared))
    return policy.declare(
        Parameter("tests.discount_percent", "percent", Decimal(10), maximum=Decimal(50), clause="WF-01")
    )


def change(ctx, **data):
    values = registry.entry("policy.parametervalue")
    return run(values.actions["set_parameter"], ctx, values.module, None, data)


def test_a_parameter_is_changed_from_a_day_on_with_a_reason(world, limit):
    boss = world.ctx("general_manager").because("董事会决议")
    made = change(boss, name=limit.name, value="15%", valid_from="2026-12-01")
    assert (made.reason, made.created_by) == ("董事会决议", world["general_manager"])
    assert value_of(limit, date(2026, 11, 30)) == Decimal(10)
    assert value_of(limit, date(2026, 12, 1)) == Decimal(15)
    with pytest.raises(Refused):
        change(boss, name=limit.name, value="20", valid_from="2026-11-20")
    for wrong, field in (
        ({"value": "60"}, "value"),
        ({"value": "abc"}, "value"),
        ({"name": "tests.nothing"}, "name"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
    ):
        with pytest.raises(Invalid) as refused:
            change(boss, **{"name": limit.name, "value": "20", "valid_from": "2026-12-01", **wrong})
        assert field in refused.value.errors
    with pytest.raises(Invalid) as refused:
        change(world.ctx("general_manager"), name=limit.name, value="20", valid_from="2026-12-01")
    assert set(refused.value.errors) == {"reason"}
    for username in ("sales_manager", "security_admin", "li_wei"):
        with pytest.raises(NotAllowed):
            change(world.ctx(username).because("x"), name=limit.name, value="20", valid_from="2026-12-01")
    assert ParameterValue.objects.count() == 1


def test_a_picklist_value_is_renamed_and_switched_off(world, django_capture_on_commit_callbacks):
    admin = world.ctx("system_admin")
    values = {"picklist": "catalog.unit", "value": "jar", "label_zh": "坛", "label_en": "jar"}
    assert "jar" not in dict(picklists.choices("catalog.unit"))
    with django_capture_on_commit_callbacks(execute=True):
        made = standard.create(admin, "records.picklistvalue", **values)
    assert dict(picklists.choices("catalog.unit"))["jar"] == "坛"
    with django_capture_on_commit_callbacks(execute=True):
        standard.edit(admin, "records.picklistvalue", made, active=False)
    assert "jar" not in dict(picklists.choices("catalog.unit"))
    for wrong in ({"picklist": "catalog.nothing"}, {"value": "a|b"}, {"label_zh": ""}):
        with pytest.raises(Invalid):
            standard.create(admin, "records.picklistvalue", **{**values, "value": "vat", **wrong})
    with pytest.raises(NotAllowed):
        standard.create(world.ctx("li_wei"), "records.picklistvalue", **values)


def test_a_company_holiday_counts_at_once(world, django_capture_on_commit_callbacks):
    forget_overrides()
    day = date(2026, 11, 25)
    assert is_working_day(day)
    with django_capture_on_commit_callbacks(execute=True):
        made = standard.create(
            world.ctx("system_admin"), "calendar.calendarday", date=day, kind="holiday", name="公司周年庆"
        )
    assert not is_working_day(day)
    with django_capture_on_commit_callbacks(execute=True):
        run(standard.DELETE, world.ctx("system_admin"), "calendar.calendarday", made)
    assert is_working_day(day)
    with pytest.raises(NotAllowed):
        standard.create(world.ctx("clerk"), "calendar.calendarday", date=day, kind="holiday")
    forget_overrides()
