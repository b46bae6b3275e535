"""Anybody hands in papers; the archivist takes them into a dossier; who handed in hears of it (ARC-23)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.files.models import StoredFile
from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations.models import Obligation
from guanxi.records import attachments
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Contribution
from guanxi.rooms.dossiers.actions import ASSIGN_TO_DOSSIER, FILE_DOCUMENT, TAKE_CONTRIBUTION
from guanxi.rooms.dossiers.models import Document
from tests.digest import digest
from tests.people import World
from tests.rooms.dossiers.conftest import DOCUMENT, page_of

Make = Callable[..., Any]
CONTRIBUTION = "customers.contribution"
DAY = datetime.date(2026, 11, 18)


@pytest.fixture
def handed_in(world: World, customer_of: Make) -> Contribution:
    """A photo that the clerk, who sees no customer, hands in for a customer of Li Wei's."""
    customer = customer_of()
    made: Contribution = create(
        world.ctx("clerk"), CONTRIBUTION, customer_name=customer.name, kind="paper", collected_on=DAY,
        content="客户送来的新版营业执照\n背面有备注", file=page_of(world, "clerk"),
    )  # fmt: skip
    return made


def take(world: World, contribution: Contribution, who: str = "archivist", **values: Any) -> Document:
    given = {"contribution": contribution, "dossier_class": "1", "kind": "business_licence", **values}
    taken: Document = run(TAKE_CONTRIBUTION, world.ctx(who), DOCUMENT, data=given)
    return taken


def told(world: World, who: str) -> list[str]:
    return [str(notice.title) for notice in Notice.objects.filter(person=world[who], kind="contribution")]


@pytest.mark.clause("ARC-23", "ARC-35")
def test_a_paper_goes_from_anybody_into_the_dossier(world: World, handed_in: Contribution, sign: Make) -> None:
    document = take(world, handed_in)
    handed_in.refresh_from_db()
    document.refresh_from_db()
    assert (document.title, document.owner, document.customer, document.signed_on) == (
        "客户送来的新版营业执照", world["li_wei"], handed_in.customer, DAY,
    )  # fmt: skip
    assert (document.file, document.contribution, document.created_by) == (
        handed_in.file, handed_in, world["archivist"],
    )  # fmt: skip
    assert (handed_in.state, handed_in.settled_on) == ("filed", world.system.today)
    assert Obligation.objects.get(duty="customers.file_fact").discharged_at is not None
    assert len(told(world, "clerk")) == 1
    run(FILE_DOCUMENT, world.ctx("archivist"), DOCUMENT, sign(document))
    document.refresh_from_db()
    assert document.number == "1-2026-001/0001"
    heard = told(world, "clerk")
    assert len(heard) == 2 and any(document.number in title for title in heard)
    assert not any(str(document.customer) in title for title in heard)


@pytest.mark.clause("ARC-23")
def test_the_file_goes_along_to_who_sees_the_document(world: World, handed_in: Contribution) -> None:
    with pytest.raises(NotFound):
        attachments.get(world.ctx("li_wei"), handed_in.file_id)
    take(world, handed_in)
    for who in ("li_wei", "clerk", "archivist"):  # the clerk gave it
        assert attachments.get(world.ctx(who), handed_in.file_id) == handed_in.file
    with pytest.raises(NotFound):
        attachments.get(world.ctx("wang_fang"), handed_in.file_id)


@pytest.mark.clause("ARC-23")
def test_only_the_archivist_takes_in_and_once(world: World, handed_in: Contribution) -> None:
    before = digest()
    for who in ("clerk", "li_wei", "sales_manager", "general_manager"):
        with pytest.raises((NotAllowed, NotFound, Invalid)):
            take(world, handed_in, who)
    with pytest.raises(Invalid):
        take(world, handed_in, dossier_class="")
    assert digest() == before
    take(world, handed_in)
    before = digest()
    with pytest.raises(Conflict):
        take(world, handed_in)
    assert digest() == before


@pytest.mark.clause("ARC-11", "ARC-23")
def test_news_of_the_trade_needs_no_customer_and_papers_of_a_customer_do(world: World) -> None:
    news = create(
        world.ctx("clerk"), CONTRIBUTION, kind="industry_trend", collected_on=DAY, content="白酒出厂价上调"
    )  # fmt: skip
    before = digest()
    with pytest.raises(Refused) as caught:
        take(world, news, kind="trade_trend")
    assert [reason.clause for reason in caught.value.decision.blocking] == ["ARC-11"]
    assert digest() == before
    document = take(world, news, dossier_class="5", kind="trade_trend", title="出厂价")
    assert (document.customer, document.owner, document.title) == (None, world["clerk"], "出厂价")


@pytest.mark.clause("ARC-23")
def test_the_page_of_a_contribution_tells_how_far_it_is(world: World, handed_in: Contribution, sign: Make) -> None:
    def page(who: str) -> str:
        client = Client()
        client.force_login(world[who], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(f"/customers/contribution/{handed_in.pk}/")
        assert answer.status_code == 200
        return answer.content.decode()

    assert "do/take_contribution/" in page("archivist") and "do/take_contribution/" not in page("clerk")
    document = take(world, handed_in)
    assert "整理中" in page("clerk") and str(document.pk) not in page("clerk")
    run(FILE_DOCUMENT, world.ctx("archivist"), DOCUMENT, sign(document))
    assert "1-2026-001/0001" in page("clerk")
    assert f"/dossiers/document/{document.pk}/" in page("archivist")


@pytest.mark.clause("ARC-28")
def test_a_daily_paper_takes_its_file_along(world: World, customer_of: Make) -> None:
    letter = create(
        world.ctx("clerk"), "dossiers.dailypaper", kind="letter", dated_on=DAY, title="续约来函", important=True,
        file=page_of(world, "clerk"),
    )  # fmt: skip
    given = {"customer": customer_of(), "dossier_class": "2"}
    run(ASSIGN_TO_DOSSIER, world.ctx("archivist"), "dossiers.dailypaper", letter, given)
    document = Document.objects.get()
    assert document.file == letter.file
    assert attachments.get(world.ctx("li_wei"), letter.file_id) == letter.file


def test_a_file_that_somebody_else_gave_is_nobodys_to_attach(world: World, paper: Make) -> None:
    """What the archivist may do while taking in, nobody does through a form."""
    theirs = page_of(world, "clerk")
    before = digest()
    for who in ("li_wei", "archivist"):
        with pytest.raises(Invalid):
            create(world.ctx(who), DOCUMENT, title="冒用", dossier_class="5", file=theirs)
    assert digest() == before
    assert StoredFile.objects.get(pk=theirs.pk).record_id is None
