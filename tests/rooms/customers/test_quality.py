"""Timely, accurate, complete: the three indicators of an archive, and what moves them (ARC-37)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from guanxi.records.actions import run
from guanxi.records.standard import edit
from guanxi.rooms.customers.actions import CORRECT_ARCHIVE
from guanxi.rooms.customers.models import Customer, DataCheck
from guanxi.rooms.customers.queries import completeness, quality_by_customer, quality_by_owner
from guanxi.rooms.customers.rules import is_timely, may_correct, share_percent
from tests.digest import digest
from tests.people import NOW
from tests.rooms.customers.conftest import TODAY

DAY = datetime.timedelta(days=1)


def of_owner(ctx: Any, name: str) -> Any:
    return next(row for row in quality_by_owner(ctx) if row.owner == name)


def of_customer(ctx: Any, customer: Any) -> Any:
    return next(row for row in quality_by_customer(ctx) if row.customer == customer)


@pytest.mark.clause("ARC-37")
def test_an_archive_is_timely_up_to_the_target_and_not_a_day_longer():
    assert [is_timely(age, 60) for age in (0, 59, 60, 61)] == [True, True, True, False]


@pytest.mark.clause("ARC-37")
def test_shares_are_rounded_down_and_nothing_is_no_share():
    assert [share_percent(*figures) for figures in ((3, 3), (2, 3), (0, 3), (0, 0))] == [100, 66, 0, None]


@pytest.mark.clause("ARC-37")
def test_only_a_wrong_field_with_a_known_value_is_corrected_and_once():
    assert may_correct("wrong", has_value=True, is_corrected=False).allowed
    refused = (("right", True, False), ("wrong", False, False), ("wrong", True, True))
    for finding, has_value, is_corrected in refused:
        decision = may_correct(finding, has_value, is_corrected)
        assert not decision.allowed and decision.reasons[0].clause == "ARC-37"


@pytest.mark.clause("ARC-37")
def test_the_archive_is_more_complete_when_a_field_is_filled(world, new, yuzhong, xihu):
    """渝中 has phone and source of the 8 basic fields: 25 % of one of 11 blocks, 2 % of the archive; then 4 of 8."""
    manager = world.ctx("sales_manager")
    assert of_customer(manager, yuzhong).complete == 2
    edit(world.ctx("li_wei"), "customers.customer", yuzhong, address="解放碑 1 号", operating_manager="秦正华")
    assert of_customer(manager, yuzhong).complete == 4  # 50 % of one of 11 blocks
    edit(world.ctx("li_wei"), "customers.customer", yuzhong, product_structure="白酒七成", market_capacity="约两亿")
    assert of_customer(manager, yuzhong).complete == (50 + 100 + 100) // 11 == 22
    assert of_owner(manager, "李伟").complete == 22
    assert of_owner(manager, "张敏").complete == 2
    for customer in Customer.objects.all():  # the statement and the page count alike
        assert of_customer(manager, customer).complete == completeness(customer)


@pytest.mark.clause("ARC-37")
def test_accuracy_falls_with_each_correction_that_is_booked(world, new, yuzhong, xihu):
    manager = world.ctx("sales_manager")
    assert of_owner(manager, "李伟").checks.accurate is None  # nothing checked is not 100 %
    for subject in ("name", "phone", "source"):
        new("archivist", "customers.datacheck", customer=yuzhong, subject=subject, finding="right", checked_on=TODAY)
    assert of_owner(manager, "李伟").checks.accurate == 100
    new(
        "archivist", "customers.datacheck", customer=yuzhong, subject="address", finding="wrong", checked_on=TODAY,
        correct_value="解放碑 8 号",
    )  # fmt: skip
    assert of_owner(manager, "李伟").checks.accurate == of_customer(manager, yuzhong).checks.accurate == 75
    assert of_customer(manager, xihu).checks.accurate is None
    # A check of more than a year ago says nothing of the archive as it is now.
    new(
        "archivist", "customers.datacheck", customer=yuzhong, subject="phone", finding="wrong",
        checked_on=TODAY - 365 * DAY,
    )  # fmt: skip
    assert of_owner(manager, "李伟").checks.accurate == 75


@pytest.mark.clause("ARC-37")
def test_an_archive_that_nobody_touches_is_late_after_sixty_days_until_it_is_checked(world, new, yuzhong):
    assert of_customer(world.ctx("sales_manager", now=NOW + 60 * DAY), yuzhong).timely
    late = world.ctx("sales_manager", now=NOW + 61 * DAY)
    assert not of_customer(late, yuzhong).timely
    assert (of_customer(late, yuzhong).age_days, of_owner(late, "李伟").timely) == (61, 0)
    new(
        "archivist", "customers.datacheck", customer=yuzhong, subject="phone", finding="right",
        checked_on=TODAY + 30 * DAY,
    )  # fmt: skip
    assert (of_customer(late, yuzhong).age_days, of_owner(late, "李伟").timely) == (31, 100)


@pytest.mark.clause("ARC-37")
def test_a_correction_writes_the_archive_with_the_rights_of_who_corrects(world, new, yuzhong):
    check = new(
        "archivist", "customers.datacheck", customer=yuzhong, subject="phone", finding="wrong", checked_on=TODAY,
        correct_value="023-63801199",
    )  # fmt: skip
    before = digest()
    with pytest.raises(NotFound):
        run(CORRECT_ARCHIVE, world.ctx("wang_fang"), "customers.datacheck", check)
    with pytest.raises(NotAllowed):
        run(CORRECT_ARCHIVE, world.ctx("finance"), "customers.datacheck", check)
    assert digest() == before
    run(CORRECT_ARCHIVE, world.ctx("li_wei"), "customers.datacheck", check)
    check.refresh_from_db()
    yuzhong.refresh_from_db()
    assert (yuzhong.phone, check.corrected_on) == ("02363801199", TODAY)
    before = digest()
    with pytest.raises(Refused):
        run(CORRECT_ARCHIVE, world.ctx("li_wei"), "customers.datacheck", check)
    assert digest() == before


@pytest.mark.clause("ARC-37")
def test_a_correct_value_that_the_field_cannot_hold_changes_nothing(world, new, yuzhong):
    check = new(
        "archivist", "customers.datacheck", customer=yuzhong, subject="first_dealing_on", finding="wrong",
        checked_on=TODAY, correct_value="很久以前",
    )  # fmt: skip
    before = digest()
    with pytest.raises(Invalid):
        run(CORRECT_ARCHIVE, world.ctx("archivist"), "customers.datacheck", check)
    assert digest() == before
    assert DataCheck.objects.get().corrected_on is None


@pytest.mark.clause("ARC-37")
def test_the_report_shows_each_only_his_own_and_opens_one_manager(world, new, yuzhong, xihu):
    def page(username: str, address: str, status: int = 200) -> str:
        client = Client()
        client.force_login(world[username], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(f"/customers/reports/{address}")
        assert answer.status_code == status
        return answer.content.decode()

    assert {"李伟", "张敏"} <= {row.owner for row in quality_by_owner(world.ctx("sales_manager"))}
    assert [row.owner for row in quality_by_owner(world.ctx("li_wei"))] == ["李伟"]
    whole = page("sales_manager", "quality-customers/")
    assert yuzhong.name in whole and xihu.name in whole
    narrowed = page("sales_manager", f"quality-customers/?owner={world['li_wei'].pk}")
    assert yuzhong.name in narrowed and xihu.name not in narrowed
    assert xihu.name not in page("li_wei", f"quality-customers/?owner={world['zhang_min'].pk}")
    assert "2%" in page("sales_manager", "quality/")
    page("sales_manager", "quality-customers/?owner=nobody", 404)
    page("finance", "quality/", 403)
