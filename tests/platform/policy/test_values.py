from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guanxi.kernel import policy
from guanxi.kernel.errors import Invalid
from guanxi.kernel.policy import Parameter, declare
from guanxi.platform.people.models import Person
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.policy.values import set_value, timeline, value_of, values_on

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def grace(monkeypatch: pytest.MonkeyPatch) -> Parameter[int]:
    monkeypatch.setattr(policy, "_declared", {})
    return declare(Parameter("test.grace_days", "days", 5, label="grace", maximum=30))


@pytest.fixture
def rate(grace: Parameter[int]) -> Parameter[Decimal]:
    return declare(Parameter("test.bonus_percent", "percent", Decimal("1.5"), label="bonus"))


@pytest.fixture
def manager() -> Person:
    return Person.objects.create_user("wang", name="王经理")


def test_each_day_has_the_value_of_its_day(grace: Parameter[int], manager: Person) -> None:
    set_value(grace, "7 天", date(2026, 6, 1), manager, "收紧", AT)
    set_value(grace, "10", date(2026, 4, 1), manager, "会议决定", AT.replace(hour=9))
    assert [value_of(grace, day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31))] == [5, 10, 10]
    assert value_of(grace, date(2026, 6, 1)) == 7
    assert value_of(grace, date(2030, 1, 1)) == 7


def test_a_correction_for_the_same_day_replaces_and_a_deleted_value_does_not_count(
    grace: Parameter[int], manager: Person
) -> None:
    set_value(grace, "10", date(2026, 4, 1), manager, "会议决定", AT)
    wrong = set_value(grace, "11", date(2026, 4, 1), manager, "更正", AT.replace(hour=9))
    assert value_of(grace, date(2026, 4, 1)) == 11
    ParameterValue.objects.filter(pk=wrong.pk).update(deleted_at=AT)
    assert value_of(grace, date(2026, 4, 1)) == 10
    assert values_on(date(2026, 4, 1))["test.grace_days"] == 10
    assert [row.value for row in timeline(grace)] == [10]


def test_all_values_of_a_day_come_in_one_query(
    grace: Parameter[int], rate: Parameter[Decimal], manager: Person, django_assert_num_queries
) -> None:
    set_value(rate, "2.25%", date(2026, 4, 1), manager, "会议决定", AT)
    ParameterValue.objects.create(name="test.gone", value=1, valid_from=date(2026, 1, 1), reason="旧")
    with django_assert_num_queries(1):
        assert values_on(date(2026, 4, 1)) == {"test.grace_days": 5, "test.bonus_percent": Decimal("2.25")}
    assert values_on(date(2026, 3, 31)) == {"test.grace_days": 5, "test.bonus_percent": Decimal("1.5")}


def test_the_history_says_who_and_why(grace: Parameter[int], manager: Person) -> None:
    set_value(grace, "7", date(2026, 6, 1), manager, "收紧", AT)
    set_value(grace, "10", date(2026, 4, 1), manager, "  会议决定 ", AT)
    assert [(row.value, row.valid_from, row.reason, row.created_by) for row in timeline(grace)] == [
        (10, date(2026, 4, 1), "会议决定", manager),
        (7, date(2026, 6, 1), "收紧", manager),
    ]


@pytest.mark.parametrize(
    ("raw", "reason", "wrong"),
    [
        ("31", "会议", {"value"}),
        ("-1", "会议", {"value"}),
        ("many", "会议", {"value"}),
        ("7", "  ", {"reason"}),
        ("7", "长" * 501, {"reason"}),
        ("31", "", {"value", "reason"}),
    ],
)
def test_a_value_out_of_bounds_or_without_reason_is_refused_and_nothing_is_kept(
    grace: Parameter[int], manager: Person, raw: str, reason: str, wrong: set[str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        set_value(grace, raw, date(2026, 4, 1), manager, reason, AT)
    assert set(refusal.value.errors) == wrong
    assert not ParameterValue.objects.exists()
    set_value(grace, "30", date(2026, 4, 1), manager, "会" * 500, AT)
    assert value_of(grace, date(2026, 4, 1)) == 30


def test_a_stored_value_that_no_longer_fits_is_reported(grace: Parameter[int]) -> None:
    ParameterValue.objects.create(name="test.grace_days", value=99, valid_from=date(2026, 1, 1), reason="旧上限")
    with pytest.raises(Invalid):
        value_of(grace, date(2026, 1, 1))
    assert value_of(grace, date(2025, 12, 31)) == 5
