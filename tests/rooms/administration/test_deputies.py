"""An administrator does not read customers by entering himself as somebody's deputy."""

from __future__ import annotations

import pytest

from guanxi.records.standard import create
from tests.people import World


@pytest.mark.parametrize(("deputy", "sees"), [("wang_fang", True), ("system_admin", False), ("audit_admin", False)])
def test_only_business_people_stand_in_for_the_absent(world: World, deputy: str, sees: bool) -> None:
    customer = create(world.ctx("li_wei"), "customers.customer", name="川兴酒业有限公司")
    create(
        world.ctx("li_wei"), "engagement.followup", customer=customer, happened_at="2026-11-20 10:00", content="电话"
    )
    create(
        world.ctx("system_admin"), "people.deputy", person=world["li_wei"], deputy=world[deputy],
        from_date="2026-11-20", until_date="2026-11-30",
    )  # fmt: skip
    ctx = world.ctx(deputy)
    assert ctx.search("customers.customer").exists() is sees
    assert ctx.search("engagement.followup").exists() is sees
    assert ctx.search("customers.contribution").exists() is False
