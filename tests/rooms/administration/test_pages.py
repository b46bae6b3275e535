"""The pages of administration: who gets in, what they show, what they hide."""

from datetime import date

import pytest

from guanxi.kernel import policy
from guanxi.kernel.policy import Parameter
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.policy.models import ParameterValue
from guanxi.records import registry, standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def limit(monkeypatch):
    monkeypatch.setattr(policy, "_declared", dict(policy._declared))
    return policy.declare(Parameter("tests.visit_days", "days", 7, maximum=30, label="拜访周期", clause="WF-01"))


@pytest.fixture
def login(world, client):
    """Log somebody of the cast in and return the client."""

    def as_(username):
        client.force_login(world.ctx(username).actor)
        return client

    return as_


@pytest.mark.parametrize(
    ("address", "insiders"),
    [
        ("/administration/", {"system_admin", "security_admin", "audit_admin", "general_manager", "sales_manager"}),
        ("/administration/parameters/", {"system_admin", "audit_admin", "general_manager", "sales_manager"}),
        ("/administration/audit/", {"audit_admin", "general_manager"}),
        ("/administration/why/", {"security_admin", "audit_admin", "general_manager"}),
    ],
)
def test_who_gets_to_which_page(world, login, address, insiders):
    for username in (
        "li_wei",
        "clerk",
        "sales_manager",
        "general_manager",
        "system_admin",
        "security_admin",
        "audit_admin",
    ):
        answer = login(username).get(address)
        assert answer.status_code == (200 if username in insiders else 403), username


def test_the_settings_home_shows_only_what_one_may_open(login):
    security = login("security_admin").get("/administration/").content.decode()
    assert "/access/role/" in security and "/administration/audit/" not in security
    audit = login("audit_admin").get("/administration/").content.decode()
    assert "/administration/audit/" in audit and "/administration/parameters/" in audit


def test_a_parameter_is_changed_on_its_page(login, limit):
    boss = login("general_manager")
    address = f"/administration/parameters/{limit.name}/"
    typed = {"value": "31", "valid_from": "2026-12-01", "reason": "旺季"}
    refused = boss.post(address, typed)
    assert refused.status_code == 422
    assert all(text in refused.content.decode() for text in ('value="31"', "2026-12-01", "旺季"))
    assert boss.post(address, {**typed, "value": "10", "reason": " "}).status_code == 422
    assert boss.post(address, {**typed, "value": "10", "valid_from": "2026-11-01"}).status_code == 409
    assert not ParameterValue.objects.exists()
    assert boss.post(address, {**typed, "value": "10"}).status_code == 302
    made = ParameterValue.objects.get()
    assert (made.value, made.valid_from, made.reason) == (10, date(2026, 12, 1), "旺季")
    listed = boss.get("/administration/parameters/", {"q": "WF-01"}).content.decode()
    assert "拜访周期" in listed and "2026-12-01" in listed
    assert boss.get("/administration/parameters/tests.nothing/").status_code == 404
    assert login("sales_manager").post(address, typed).status_code == 403


def test_the_trail_is_filtered_and_paged(world, login):
    admin = world.ctx("system_admin")
    for number in range(51):
        standard.create(admin, "calendar.calendarday", date=date(2027, 1, 1 + number % 28), kind="holiday") if (
            number < 28
        ) else standard.create(admin, "people.position", name=f"岗位{number}")
    auditor = login("audit_admin")
    first = auditor.get("/administration/audit/").content.decode()
    oldest_shown = AuditEntry.objects.order_by("-id")[49].pk
    assert f"before={oldest_shown}" in first
    second = auditor.get("/administration/audit/", {"before": oldest_shown}).content.decode()
    assert second.count("<time datetime=") == 1
    days = auditor.get("/administration/audit/", {"module": "calendar.calendarday"}).content.decode()
    assert days.count("<time datetime=") == 28
    assert auditor.get("/administration/audit/", {"until": "2026-11-20"}).content.decode().count("<time datetime=") == 0
    assert auditor.get("/administration/audit/", {"from": "2026-13-40"}).status_code == 422


def test_the_auditor_reads_who_did_what_but_no_customer(world, login):
    key = next((module.key for module in registry.modules() if module.key == "customers.customer"), None)
    assert key, "the customers room is not there"
    standard.create(world.ctx("li_wei"), key, name="锦江宾馆有限公司", address="成都市人民南路二段80号")
    auditor = login("audit_admin").get("/administration/audit/", {"module": key}).content.decode()
    assert "李伟" in auditor and "锦江" not in auditor and "人民南路" not in auditor
    boss = login("general_manager").get("/administration/audit/", {"module": key}).content.decode()
    assert "锦江宾馆有限公司" in boss and "人民南路" in boss


def test_the_chain_is_verified_on_demand(world, login):
    standard.create(world.ctx("system_admin"), "people.position", name="客户经理")
    assert login("audit_admin").post("/administration/audit/verify/").status_code == 200
    typed = login("audit_admin").get("/administration/audit/verify/")
    assert typed.status_code == 405 and typed["Allow"] == "POST" and "不能这样打开这个地址" in typed.content.decode()
    assert login("system_admin").post("/administration/audit/verify/").status_code == 403


@pytest.mark.clause("SEC-01", "SEC-02")
def test_why_somebody_sees_a_customer(world, login):
    customer = standard.create(world.ctx("li_wei"), "customers.customer", name="锦江宾馆有限公司")
    record = f"http://testserver/customers/customer/{customer.pk}/"
    boss = login("general_manager")

    def asked(username, client=boss):
        return client.get("/administration/why/", {"person": world[username].pk, "record": record}).content.decode()

    assert "客户经理" in asked("li_wei") and "锦江宾馆" in asked("li_wei")
    assert "empty" in asked("wang_fang") and "empty" not in asked("li_wei")
    assert "销售部经理" in asked("sales_manager")
    for username in ("service", "system_admin", "security_admin", "audit_admin", "finance", "storekeeper"):
        assert "empty" in asked(username), username
    assert "锦江" not in asked("li_wei", login("security_admin"))
    assert boss.get("/administration/why/", {"person": "x", "record": "y"}).status_code == 422


@pytest.mark.clause("SEC-01", "SEC-02")
def test_own_customers_and_all_customers(world):
    mine = standard.create(world.ctx("li_wei"), "customers.customer", name="锦江宾馆有限公司")
    other = standard.create(world.ctx("wang_fang"), "customers.customer", name="望江楼酒店")
    sees = {
        username: set(world.ctx(username).search("customers.customer").values_list("pk", flat=True))
        for username in world.people
    }
    assert sees["li_wei"] == {mine.pk} and sees["wang_fang"] == {other.pk} and sees["zhang_min"] == set()
    for username in ("general_manager", "sales_manager"):
        assert sees[username] == {mine.pk, other.pk}
    for username in ("system_admin", "security_admin", "audit_admin", "clerk", "service", "finance", "storekeeper"):
        assert sees[username] == set(), username
