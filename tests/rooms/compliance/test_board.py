"""The register for everybody, the board for who may see it, the report for who may take it out."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.platform.access.models import RoleRight, Scope
from guanxi.platform.audit.models import AuditEntry, Disclosure, Outcome, Sight
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.duties import find
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.people.sessions import CONFIRMED
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.administration.actions import SET_PARAMETER
from guanxi.rooms.compliance import counting
from guanxi.rooms.compliance.queries import evidence, figures
from guanxi.rooms.compliance.queries.figures import Period, Wanted
from tests.digest import digest
from tests.paper import texts_of
from tests.people import World

REPORT = "/regulation/report/?period=year"


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


@pytest.fixture
def counted(world: World, owe: Any) -> Any:
    """One duty kept, one broken, of two departments."""
    kept = owe("li_wei", due_on=world.now.date())
    broken = owe("finance", key="2", due_on=world.now.date().replace(day=2), subject="昆明翠湖宾馆")
    keeping.discharge(find(kept.duty), key=kept.key, by=world["li_wei"], at=world.now)
    counting.rebuild(world.now)
    return broken


# ---- The register ----------------------------------------------------------------------------------------------------


def test_everybody_reads_the_register_in_his_language(world, browser):
    clerk = browser("clerk")
    text = text_of(clerk.get("/regulation/clauses/"))
    assert "两个工作日" in text and "/regulation/clauses/WF-10/" in text
    world["clerk"].language = "en"
    world["clerk"].save()
    assert "Entered within two working days" in text_of(clerk.get("/regulation/clauses/"))


def test_the_register_is_searched_by_id_word_area_and_kind(browser):
    clerk = browser("clerk")
    for query, there, gone in (
        ("q=wf-10", "WF-10", "WF-11"),
        ("q=三方签字", "ARC-22", "ARC-23"),
        ("q=signatures", "ARC-22", "ARC-23"),
        ("area=SEC", "SEC-01", "ARC-01"),
        ("kind=approval", "WF-09", "WF-10"),
    ):
        text = text_of(clerk.get(f"/regulation/clauses/?{query}"))
        assert f"/regulation/clauses/{there}/" in text and f"/regulation/clauses/{gone}/" not in text, query
    assert "ARC-01" in text_of(clerk.get("/regulation/clauses/?q=nothing-like-it"))  # the hint names an example


def test_the_figures_of_the_register_are_for_who_sees_the_board(browser, counted):
    assert "/regulation/board/" not in text_of(browser("clerk").get("/regulation/clauses/"))
    boss = browser("general_manager")
    text = text_of(boss.get("/regulation/clauses/?state=trouble"))
    assert "/regulation/clauses/WF-10/" in text and "/regulation/clauses/ARC-01/" not in text
    # Who may not see figures learns nothing by asking for them.
    assert "/regulation/clauses/ARC-01/" in text_of(browser("clerk").get("/regulation/clauses/?state=trouble"))


@pytest.mark.clause("SEC-04")
def test_a_clause_tells_its_parameters_with_every_value_and_who_may_change_them(world, browser):
    reason = world.ctx("general_manager").because("检查后收紧")
    data = {"name": "records.export_rows_alone", "value": "200", "valid_from": "2026-12-01"}
    run(SET_PARAMETER, reason, "policy.parametervalue", None, data)
    text = text_of(browser("clerk").get("/regulation/clauses/SEC-04/"))
    assert "500" in text and "200" in text and "检查后收紧" in text
    assert "/administration/parameters/" not in text
    boss = text_of(browser("general_manager").get("/regulation/clauses/SEC-04/"))
    assert "/administration/parameters/records.export_rows_alone/" in boss


def test_there_is_no_page_of_what_is_no_clause(browser):
    for clause in ("ARC-46", "REC-01", "nonsense"):
        assert browser("clerk").get(f"/regulation/clauses/{clause}/").status_code == 404


# ---- The board -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["li_wei", "clerk", "archivist", "system_admin", "security_admin"])
def test_without_the_right_there_is_no_board_no_evidence_no_report(browser, counted, who):
    person = browser(who)
    before = digest()
    for page in ("board/", "evidence/?what=broken", "report/"):
        assert person.get(f"/regulation/{page}").status_code == 403
    assert person.post(REPORT, {"reason": "x"}).status_code == 403
    assert digest() == before
    assert "/regulation/board/" not in text_of(person.get("/regulation/clauses/"))


def test_a_head_sees_his_own_department_only(browser, counted):
    for who, sees, not_there in (("sales_manager", "李伟", "林淑芬"), ("finance_manager", "林淑芬", "李伟")):
        head = browser(who)
        text = text_of(head.get("/regulation/board/?period=year"))
        assert sees in text and not_there not in text
    assert "昆明翠湖宾馆" not in text_of(browser("sales_manager").get("/regulation/evidence/?what=broken"))
    # Naming somebody else's department in the address does not widen it.
    other = f"/regulation/board/?period=year&person={counted.owner_id}"
    assert "林淑芬" not in text_of(browser("sales_manager").get(other))


def test_every_figure_of_the_board_leads_to_what_stands_behind_it(browser, counted):
    boss = browser("general_manager")
    text = text_of(boss.get("/regulation/board/?period=year"))
    links = {
        part.split('"')[0].replace("&amp;", "&") for part in text.split('href="')[1:] if "/evidence/?" in part[:30]
    }
    assert {link.split("what=")[1].split("&")[0] for link in links} == {"kept", "broken"}
    for link in links:
        evidence = text_of(boss.get(link))
        assert "/obligations/obligation/" in evidence or "昆明翠湖宾馆" in evidence or "成都锦江大酒店" in evidence


def test_an_empty_board_says_where_its_figures_come_from(browser):
    text = text_of(browser("general_manager").get("/regulation/board/"))
    assert "该时段内没有记录" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2026-02-30&until=2026-03-01", 422),
        ("from=2026-03-02&until=2026-03-01", 422),
        ("from=1926-03-02&until=2026-03-01", 422),
        ("from=2026-03-01&until=2026-03-01", 200),
        ("period=nonsense&person=x&department=y&area=z", 200),
        ("period=month", 200),
        ("period=quarter", 200),
    ],
)
def test_any_time_may_be_asked_for_and_an_impossible_one_is_told(browser, counted, query, status):
    text_of(browser("general_manager").get(f"/regulation/board/?{query}"), status)


def test_the_board_of_a_year_takes_few_questions_to_the_database(browser, counted, django_assert_max_num_queries):
    boss = browser("general_manager")
    with django_assert_max_num_queries(30):
        boss.get("/regulation/board/?period=year")


# ---- The report ------------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed(world: World, browser: Any) -> Any:
    """The general manager, who has just confirmed who he is."""
    client = browser("general_manager")
    session = client.session
    session[CONFIRMED] = world.now.isoformat()
    session.save()
    return client


@pytest.mark.clause("SEC-04")
def test_the_report_is_a_pdf_in_either_language_and_on_record(world, confirmed, counted):
    before = AuditEntry.objects.count()
    assert "制度执行报告" in text_of(confirmed.get(REPORT))
    refused = confirmed.post(REPORT, {"reason": " ", "language": "zh-hans"})
    assert refused.status_code == 422
    assert AuditEntry.objects.count() == before
    answer = confirmed.post(REPORT, {"reason": "季度自查", "language": "zh-hans"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    content = b"".join(answer.streaming_content)
    found = texts_of(content)
    for text in ("制度执行报告", "周建国", "WF-10", "收集后两个工作日内录入", "到期义务", "昆明翠湖宾馆", "第 1 页"):
        assert text in found, text
    entry = AuditEntry.objects.order_by("-id").first()
    assert (entry.action, entry.actor, entry.reason, entry.outcome) == (
        "export", world["general_manager"], "季度自查", Outcome.DONE,
    )  # fmt: skip
    taken = Disclosure.objects.filter(kind=Sight.EXPORT).latest("id")
    assert (taken.actor, taken.reason) == (world["general_manager"], "季度自查")
    english = confirmed.post(REPORT, {"reason": "audit", "language": "en"})
    found = texts_of(b"".join(english.streaming_content))
    assert "Compliance report" in found and "Entered within two working days" in found and "Page 1 of" in found


def test_who_sees_the_board_may_not_thereby_take_it_out(browser, counted):
    manager = browser("sales_manager")
    text_of(manager.get("/regulation/board/"))
    assert manager.get(REPORT).status_code == 403
    assert Disclosure.objects.filter(kind=Sight.EXPORT, outcome=Outcome.REFUSED).count() == 1


def test_who_may_take_out_less_than_he_sees_takes_out_no_report(world, confirmed, counted):
    taken = RoleRight.objects.filter(role__code="general_manager", module=figures.BOARD, action="export")
    assert taken.update(scope=Scope.TEAM) == 1
    assert confirmed.post(REPORT, {"reason": "季度自查"}).status_code == 403
    assert Disclosure.objects.filter(kind=Sight.EXPORT, outcome=Outcome.DONE).count() == 0


# ---- What stands behind a figure -------------------------------------------------------------------------------------


def test_why_something_was_settled_is_told_only_to_who_may_see_what_it_is_about(world, owe):
    """The head of a department sees the duties of his people, and not by that the customers of others."""
    theirs = create(world.system, "customers.customer", name="昆明翠湖宾馆", confirmed=True)
    for number, record in enumerate((None, theirs.pk)):
        found = owe(
            "finance", key=str(number), subject="昆明翠湖宾馆", module="customers.customer" if record else "",
            record_id=record,
        )  # fmt: skip
        keeping.discharge(find(found.duty), key=found.key, by=world["finance"], at=world.now)
    Obligation.objects.update(remark="老板的亲戚")
    wanted = Wanted(Period(world.now.date(), world.now.date()))
    boss = evidence.pieces(world.ctx("general_manager"), wanted, "kept")
    assert [(piece.record, piece.told) for piece in boss] == [("昆明翠湖宾馆", "老板的亲戚")] * 2
    head = evidence.pieces(world.ctx("finance_manager"), wanted, "kept")
    assert sorted((piece.record, piece.told) for piece in head) == [("", ""), ("昆明翠湖宾馆", "老板的亲戚")]
