"""Tickets: taken down, found, worked on, settled with a solution, reopened; seen with their customer (CRM-40)."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.standard import ASSIGN, DELETE, RESTORE, create, edit
from guanxi.rooms.service.actions import (
    ADD_NOTE,
    ASK_CUSTOMER,
    CLOSE_TICKET,
    REOPEN_TICKET,
    RESUME_TICKET,
    TAKE_TICKET,
)
from guanxi.rooms.service.models import Ticket, TicketNote
from tests.digest import digest

TICKET = "service.ticket"
#: The Saturday on which the tests are at work.
TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def customer(world):
    """李伟's customer."""
    return create(world.ctx("li_wei"), "customers.customer", confirmed=True, name="重庆渝中糖酒有限公司")


@pytest.fixture
def ticket(world, customer):
    """What the service desk took down of that customer, which it may not open."""
    return create(
        world.ctx("service"), TICKET, customer_name="重庆渝中糖酒有限公司", name="到货破损三箱",
        description="外箱浸湿，六瓶碎裂。", category="damage", priority="high", caller="仓库老周",
    )  # fmt: skip


@pytest.mark.clause("CRM-40", "VIS-01")
def test_a_ticket_is_taken_down_found_edited_and_stands_with_its_customer(world, client, customer, ticket):
    assert (ticket.number, ticket.state, ticket.owner, ticket.customer) == (
        "GZD-2026-00001", "open", world["service"], customer
    )  # fmt: skip
    customer.refresh_from_db()
    assert customer.stage == "service"
    assert (ticket.reported_on, ticket.description) == (TODAY, "外箱浸湿，六瓶碎裂。")
    client.force_login(world["service"])
    for words in ("到货破损", "dhps", "浸湿", "GZD-2026-00001", "仓库老周"):
        assert "到货破损三箱" in client.get("/service/ticket/", {"q": words}).content.decode(), words
    assert "到货破损三箱" not in client.get("/service/ticket/", {"q": "发票抬头"}).content.decode()
    edit(world.ctx("service"), TICKET, ticket, name="到货破损四箱", hours="1.5")
    ticket.refresh_from_db()
    assert (ticket.name, ticket.hours) == ("到货破损四箱", Decimal("1.5"))
    client.force_login(world["li_wei"])
    page = f"/customers/customer/{customer.pk}/"
    assert "到货破损四箱" in client.get(page, {"tab": "service"}).content.decode()
    assert "故障单：到货破损四箱" in client.get(page).content.decode()


@pytest.mark.clause("CRM-40")
def test_the_form_takes_a_ticket_down_and_the_list_deletes_it(world, client, customer):
    client.force_login(world["li_wei"])
    form = client.get(f"/service/ticket/new/?customer={customer.pk}").content.decode()
    assert "重庆渝中糖酒有限公司" in form
    given = {"customer": str(customer.pk), "name": "开票抬头有误", "priority": "normal", "description": "税号少一位"}
    answer = client.post("/service/ticket/new/", given)
    assert answer.status_code == 302
    made = Ticket.objects.get()
    assert (made.customer, made.owner, made.state, made.reported_on) == (customer, world["li_wei"], "open", TODAY)
    run(DELETE, world.ctx("li_wei"), TICKET, made)
    assert not world.ctx("li_wei").search(TICKET).exists()
    run(RESTORE, world.ctx("li_wei"), TICKET, made)
    assert world.ctx("li_wei").search(TICKET).get() == made


@pytest.mark.clause("CRM-40")
def test_without_a_customer_a_subject_or_for_somebody_elses_customer_there_is_no_ticket(world, customer):
    before = digest()
    with pytest.raises(Invalid) as nobody:
        create(world.ctx("service"), TICKET, name="无名来电")
    assert "customer" in nobody.value.errors
    with pytest.raises(Invalid) as unknown:
        create(world.ctx("service"), TICKET, customer_name="查无此店", name="破损")
    assert "customer_name" in unknown.value.errors
    with pytest.raises(Invalid) as nameless:
        create(world.ctx("service"), TICKET, customer_name=customer.number)
    assert "name" in nameless.value.errors
    # Another salesperson does not even learn that there is such a customer.
    with pytest.raises(Invalid) as other:
        create(world.ctx("zhang_min"), TICKET, customer_name=customer.name, name="破损")
    assert other.value.errors["customer_name"][0].plain == unknown.value.errors["customer_name"][0].plain
    with pytest.raises(Invalid):
        create(world.ctx("zhang_min"), TICKET, customer=customer, name="破损")
    with pytest.raises(NotAllowed):
        create(world.ctx("clerk"), TICKET, customer_name=customer.name, name="破损")
    with pytest.raises(Refused) as early:
        create(world.ctx("li_wei"), TICKET, customer=customer, name="破损", reported_on=TODAY + datetime.timedelta(1))
    assert early.value.decision.reasons[0].clause == "CRM-40"
    assert digest() == before


@pytest.mark.clause("CRM-40")
def test_a_contact_of_the_ticket_belongs_to_its_customer(world, customer):
    ctx = world.ctx("li_wei")
    own = create(ctx, "customers.contact", confirmed=True, customer=customer, name="周强")
    other = create(ctx, "customers.customer", confirmed=True, name="成都锦江酒楼")
    stranger = create(ctx, "customers.contact", confirmed=True, customer=other, name="吴桐")
    assert create(ctx, TICKET, customer=customer, contact=own, name="破损").contact == own
    before = digest()
    with pytest.raises(Refused):
        create(ctx, TICKET, customer=customer, contact=stranger, name="破损")
    assert digest() == before


@pytest.mark.clause("CRM-40")
@pytest.mark.parametrize(
    ("priority", "day"),
    # Saturday 21 November 2026 is no working day; none of the following weeks has a holiday.
    [("urgent", (2026, 11, 23)), ("high", (2026, 11, 24)), ("normal", (2026, 11, 27)), ("low", (2026, 12, 4))],
)
def test_each_priority_has_its_working_days(world, customer, priority, day):
    ctx = world.ctx("li_wei")
    made = create(ctx, TICKET, customer=customer, name="破损", priority=priority)
    assert made.due_on == datetime.date(*day)
    # Reported on Thursday and typed in today: the time ran from Thursday.
    early = create(ctx, TICKET, customer=customer, name="破损", priority="normal", reported_on="2026-11-19")
    assert early.due_on == datetime.date(2026, 11, 26)
    edit(ctx, TICKET, early, priority="urgent")
    early.refresh_from_db()
    assert early.due_on == datetime.date(2026, 11, 20)
    assert [row.pk for row in world.ctx("li_wei").search(TICKET).filter(due_on__lt=TODAY)] == [early.pk]


@pytest.mark.clause("CRM-40")
def test_a_ticket_is_taken_up_waits_goes_on_and_is_settled_with_a_solution(world, customer, ticket):
    ctx = world.ctx("service")
    create(world.ctx("li_wei"), TICKET, customer=customer, name="李伟自己的单")
    run(TAKE_TICKET, ctx, TICKET, ticket)
    run(ASK_CUSTOMER, ctx, TICKET, ticket, {"question": "请提供外箱照片"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.owner) == ("waiting", world["service"])
    run(RESUME_TICKET, ctx, TICKET, ticket, {"answer": "照片已发"})
    before = digest()
    for solution in ("", "   "):
        with pytest.raises((Invalid, Refused)):
            run(CLOSE_TICKET, ctx, TICKET, ticket, {"solution": solution})
    assert digest() == before
    run(CLOSE_TICKET, ctx, TICKET, ticket, {"solution": "补发三箱，承运方赔付。"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at, ticket.closed_by, ticket.closed_late) == (
        "closed", world.now, world["service"], False
    )  # fmt: skip
    assert [(note.kind, note.content, note.created_by) for note in ticket.notes.order_by("created_at", "pk")] == [
        ("waiting", "请提供外箱照片", world["service"]), ("note", "照片已发", world["service"]),
        ("closed", "补发三箱，承运方赔付。", world["service"]),
    ]  # fmt: skip
    before = digest()
    with pytest.raises(Conflict):
        edit(ctx, TICKET, ticket, name="改写")
    with pytest.raises(Conflict):
        run(TAKE_TICKET, ctx, TICKET, ticket)
    assert digest() == before


@pytest.mark.clause("CRM-40")
def test_a_settled_ticket_is_reopened_with_a_reason_and_its_time_runs_anew(world, ticket):
    run(CLOSE_TICKET, world.ctx("service"), TICKET, ticket, {"solution": "补发三箱。"})
    later = world.now + datetime.timedelta(days=9)  # Monday 30 November
    before = digest()
    with pytest.raises(Invalid):
        run(REOPEN_TICKET, world.ctx("li_wei", now=later), TICKET, ticket)
    assert digest() == before
    run(REOPEN_TICKET, world.ctx("li_wei", now=later).because("补发的也破了"), TICKET, ticket)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopenings, ticket.reopened_by, ticket.reopened_at) == (
        "progress", 1, world["li_wei"], later
    )  # fmt: skip
    assert (ticket.closed_at, ticket.closed_by, ticket.solution) == (None, None, "补发三箱。")
    # High priority: two working days from Monday.
    assert ticket.due_on == datetime.date(2026, 12, 2)
    assert Notice.objects.filter(person=world["service"], body__contains="补发的也破了").exists()
    late = world.now + datetime.timedelta(days=12)  # Thursday 3 December
    run(CLOSE_TICKET, world.ctx("service", now=late), TICKET, ticket, {"solution": "换承运方，再补三箱。"})
    ticket.refresh_from_db()
    assert ticket.closed_late is True


@pytest.mark.clause("CRM-40")
def test_notes_stay_as_they_were_written(world, client, ticket):
    run(ADD_NOTE, world.ctx("li_wei"), TICKET, ticket, {"content": "已安抚客户"})
    note = TicketNote.objects.get()
    assert (note.created_by, note.created_at) == (world["li_wei"], world.now)
    before = digest()
    with pytest.raises(Invalid):
        run(ADD_NOTE, world.ctx("li_wei"), TICKET, ticket, {"content": ""})
    with pytest.raises(NotFound):
        run(ADD_NOTE, world.ctx("zhang_min"), TICKET, ticket, {"content": "偷看"})
    assert digest() == before
    client.force_login(world["service"])
    page = client.get(f"/service/ticket/{ticket.pk}/").content.decode()
    assert "已安抚客户" in page and "李伟" in page
    # The desk reads whose ticket it is, and has no way into the customer's file.
    assert "重庆渝中糖酒有限公司" in page and "****" not in page and str(ticket.customer_id) not in page
    assert client.get(f"/customers/customer/{ticket.customer_id}/").status_code in (403, 404)


@pytest.mark.clause("CRM-40")
def test_tickets_are_seen_with_their_customer_and_by_the_service_desk(world, customer, ticket):
    for username in ("li_wei", "service", "sales_manager", "general_manager", "archivist"):
        assert world.ctx(username).search(TICKET).get() == ticket, username
    for username in ("zhang_min", "wang_fang", "clerk", "finance", "system_admin", "security_admin", "audit_admin"):
        assert not world.ctx(username).search(TICKET).exists(), username
    run(ASSIGN, world.ctx("sales_manager"), "customers.customer", customer, {"owner": world["zhang_min"]})
    assert world.ctx("zhang_min").search(TICKET).get() == ticket
    assert not world.ctx("li_wei").search(TICKET).exists()


@pytest.mark.clause("CRM-40")
def test_a_ticket_that_is_late_stands_in_red_among_the_unsettled(world, client, ticket):
    """Two working days from Saturday the 21st are over on Wednesday the 25th."""
    client.force_login(world["service"])
    assert "到货破损三箱" in client.get("/service/ticket/?view=unsettled").content.decode()
    assert "到货破损三箱" not in client.get("/service/ticket/?view=overdue").content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(due_on=TODAY - datetime.timedelta(days=1))
    assert "到货破损三箱" in client.get("/service/ticket/?view=overdue").content.decode()


@pytest.mark.clause("CRM-40")
def test_a_ticket_is_copied_and_taken_out(world, client, ticket):
    client.force_login(world["service"])
    form = client.get(f"/service/ticket/new/?copy={ticket.pk}").content.decode()
    assert "到货破损三箱" in form and "GZD-2026-00001" not in form.split("<form", 2)[-1]
    assert client.get("/service/ticket/export/").status_code == 200
    assert client.get("/service/ticket/import/").status_code == 200
    client.force_login(world["clerk"])
    for page in ("", "export/", "import/", "new/"):
        assert client.get(f"/service/ticket/{page}").status_code == 403, page
