"""Frequent questions: found by their words, reviewed, published to everybody; made of tickets (CRM-39, CRM-42)."""

from __future__ import annotations

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.administration.queries import reasons_to_see
from guanxi.rooms.service.actions import (
    ADD_NOTE,
    CLOSE_TICKET,
    MAKE_FAQ,
    NOTE_FAQ,
    PUBLISH_FAQ,
    RETIRE_FAQ,
    REVIEW_FAQ,
    REVISE_FAQ,
)
from guanxi.rooms.service.models import Faq, FaqNote
from guanxi.rooms.service.module import FAQ as DESCRIBED
from tests.digest import digest

FAQ, TICKET = "service.faq", "service.ticket"


@pytest.fixture
def faq(world):
    """A draft of the service desk."""
    return create(
        world.ctx("service"), FAQ, question="整箱到货破损怎么索赔？", answer="签收前当面开箱并拍照。", category="claims"
    )


def published(world, faq):
    run(REVIEW_FAQ, world.ctx("service"), FAQ, faq)
    run(PUBLISH_FAQ, world.ctx("service"), FAQ, faq)
    faq.refresh_from_db()
    return faq


def listed(client, **query):
    return client.get("/service/faq/", query).content.decode()


@pytest.mark.clause("CRM-42")
def test_an_entry_is_found_by_words_of_question_or_answer_edited_and_deleted(world, client, faq):
    assert (faq.number, faq.state) == ("FAQ-00001", "draft")
    client.force_login(world["service"])
    for words in ("索赔", "当面开箱", "zxdhps"):
        assert "整箱到货破损怎么索赔" in listed(client, q=words), words
    assert "整箱到货破损怎么索赔" not in listed(client, q="返利")
    assert f"/service/faq/{faq.pk}/" in client.get("/search/?q=索赔").content.decode()
    edit(world.ctx("service"), FAQ, faq, answer="签收前当面开箱，拍六面照片。")
    assert "六面照片" in client.get(f"/service/faq/{faq.pk}/").content.decode()
    run(DELETE, world.ctx("service"), FAQ, faq)
    assert "整箱到货破损怎么索赔" not in listed(client)


@pytest.mark.clause("CRM-42")
def test_without_question_or_answer_or_right_there_is_no_entry(world, faq):
    before = digest()
    for missing in ({"question": "只问不答？"}, {"answer": "只答不问。"}):
        with pytest.raises(Invalid):
            create(world.ctx("service"), FAQ, **missing)
    with pytest.raises(NotAllowed):
        create(world.ctx("clerk"), FAQ, question="能写吗？", answer="不能。")
    with pytest.raises(NotFound):
        edit(world.ctx("li_wei"), FAQ, faq, answer="别人的草案")
    with pytest.raises(Conflict):  # nothing is published that nobody has reviewed
        run(PUBLISH_FAQ, world.ctx("service"), FAQ, faq)
    assert digest() == before


@pytest.mark.clause("CRM-42")
def test_what_is_published_is_read_by_everybody_and_changed_by_nobody_else(world, client, faq):
    everybody = ("clerk", "li_wei", "finance", "storekeeper", "system_admin")
    for username in everybody:
        assert not world.ctx(username).search(FAQ).exists(), username
        assert reasons_to_see(world[username], DESCRIBED, faq, world.now) == []
    published(world, faq)
    for username in everybody:
        assert world.ctx(username).search(FAQ).get() == faq, username
        assert len(reasons_to_see(world[username], DESCRIBED, faq, world.now)) == 1
    client.force_login(world["clerk"])
    assert "当面开箱" in client.get(f"/service/faq/{faq.pk}/").content.decode()
    assert f"/service/faq/{faq.pk}/" in client.get("/search/?q=索赔").content.decode()
    before = digest()
    for username in ("clerk", "li_wei"):
        for act in (
            lambda ctx: edit(ctx, FAQ, faq, answer="改写"),
            lambda ctx: run(DELETE, ctx, FAQ, faq),
            lambda ctx: run(RETIRE_FAQ, ctx.because("不对"), FAQ, faq),
            lambda ctx: run(NOTE_FAQ, ctx, FAQ, faq, {"content": "不对"}),
        ):
            with pytest.raises(NotAllowed):
                act(world.ctx(username))
    assert digest() == before
    run(RETIRE_FAQ, world.ctx("sales_manager").because("流程已改"), FAQ, faq)
    assert not world.ctx("clerk").search(FAQ).exists()
    run(REVISE_FAQ, world.ctx("service"), FAQ, faq)
    faq.refresh_from_db()
    assert (faq.state, faq.reviewed_by, faq.published_at) == ("draft", None, None)
    run(DELETE, world.ctx("service"), FAQ, published(world, faq))
    assert not world.ctx("clerk").search(FAQ).exists()
    assert not world.ctx("clerk").search(FAQ, binned=True).exists()


@pytest.mark.clause("CRM-42")
def test_a_reviewed_answer_is_changed_by_who_publishes_answers(world):
    mine = create(world.ctx("li_wei"), FAQ, question="能否月结？", answer="签年度协议的可以。")
    edit(world.ctx("li_wei"), FAQ, mine, answer="签年度协议并有额度的可以。")
    with pytest.raises(NotAllowed):
        run(REVIEW_FAQ, world.ctx("li_wei"), FAQ, mine)
    published(world, mine)
    before = digest()
    with pytest.raises(Refused) as refused:
        edit(world.ctx("li_wei"), FAQ, mine, answer="都可以。")
    assert refused.value.decision.reasons[0].clause == "CRM-42"
    assert digest() == before
    edit(world.ctx("service"), FAQ, mine, answer="签年度协议、有信用额度的客户可以月结。")
    run(NOTE_FAQ, world.ctx("li_wei"), FAQ, mine, {"content": "客户问得多"})
    assert (FaqNote.objects.get().content, FaqNote.objects.get().created_by) == ("客户问得多", world["li_wei"])


@pytest.mark.clause("CRM-42")
def test_a_ticket_becomes_the_draft_of_a_question(world):
    create(world.ctx("li_wei"), "customers.customer", confirmed=True, name="重庆渝中糖酒有限公司")
    ctx = world.ctx("service")
    ticket = create(ctx, TICKET, customer_name="重庆渝中糖酒有限公司", name="瓶盖漏酒怎么办", description="三瓶渗漏。")
    before = digest()
    with pytest.raises(Refused):  # nothing is answered yet
        run(MAKE_FAQ, ctx, TICKET, ticket)
    assert digest() == before
    run(ADD_NOTE, ctx, TICKET, ticket, {"content": "批次 A07"})
    run(CLOSE_TICKET, ctx, TICKET, ticket, {"solution": "凭照片换货。"})
    run(MAKE_FAQ, ctx, TICKET, ticket)
    ticket.refresh_from_db()
    made = Faq.objects.get()
    assert (ticket.faq, made.state, made.question, made.answer) == (
        made, "draft", "瓶盖漏酒怎么办", "凭照片换货。\n\n三瓶渗漏。\n\n批次 A07"
    )  # fmt: skip
    before = digest()
    with pytest.raises(Conflict):
        run(MAKE_FAQ, ctx, TICKET, ticket)
    assert digest() == before


@pytest.mark.clause("CRM-39")
def test_tickets_and_questions_stand_side_by_side_each_with_its_search_and_list(world, client, faq):
    create(world.ctx("li_wei"), "customers.customer", confirmed=True, name="重庆渝中糖酒有限公司")
    create(world.ctx("service"), TICKET, customer_name="重庆渝中糖酒有限公司", name="少发一箱")
    client.force_login(world["service"])
    for here, there, shown, hidden in (
        ("/service/ticket/", "/service/faq/", "少发一箱", "整箱到货破损"),
        ("/service/faq/", "/service/ticket/", "整箱到货破损", "少发一箱"),
    ):
        page = client.get(here).content.decode()
        tabs = page.split('class="tabs inner"')[1].split("</nav>")[0]
        assert f'href="{here}" aria-current="page"' in tabs and f'href="{there}"' in tabs
        assert shown in page and hidden not in page
        assert shown not in client.get(here, {"q": hidden}).content.decode().split('id="list"')[1]
    client.force_login(world["clerk"])  # who sees no tickets has no tab of them, and no way past it
    assert 'class="tabs inner"' not in client.get("/service/faq/").content.decode()
    assert client.get("/service/ticket/").status_code == 403
