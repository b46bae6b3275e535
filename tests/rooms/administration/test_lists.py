"""The kit's own pages over rows of the platform: lists, forms, record pages, histories open for who may see them."""

import re
from datetime import date

import pytest

from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.people.models import Person
from guanxi.platform.policy.models import ParameterValue
from guanxi.records import registry, standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(world):
    """One row of every record type of administration, by its key."""
    admin = world.ctx("system_admin")
    return {
        "people.person": Person.objects.get(username="li_wei"),
        "people.department": world.departments["southwest"],
        "people.position": standard.create(admin, "people.position", name="客户经理"),
        "people.deputy": standard.create(
            world.ctx("sales_manager"), "people.deputy", person="li_wei", deputy="wang_fang", from_date="2026-11-23",
            until_date="2026-11-27",
        ),
        "access.role": Role.objects.get(code="archivist"),
        "access.personrole": PersonRole.objects.get(person=world["li_wei"], role__code="account_manager"),
        "records.picklistvalue": standard.create(
            admin, "records.picklistvalue", picklist="catalog.unit", value="jar", label_zh="坛"
        ),
        "calendar.calendarday": standard.create(
            admin, "calendar.calendarday", date=date(2026, 11, 25), kind="holiday", name="公司周年庆"
        ),
        "policy.parametervalue": ParameterValue.objects.create(
            name="tests.visit_days", value=9, valid_from=date(2026, 12, 1), reason="旺季"
        ),
    }  # fmt: skip


@pytest.mark.parametrize("username", ["system_admin", "security_admin", "audit_admin", "general_manager", "clerk"])
def test_every_page_of_every_record_type_opens_or_is_forbidden(world, rows, client, username):
    ctx = world.ctx(username)
    client.force_login(ctx.actor)
    for key, row in rows.items():
        module = registry.module(key)
        base = f"/{module.app}/{module.noun}/"
        may = ctx.may(module)
        pages = {base: may, f"{base}{row.pk}/": may}
        if module.can("history"):
            pages[f"{base}{row.pk}/history/"] = may
        if module.can("create"):
            pages[f"{base}new/"] = may and ctx.may(module, "create")
        if module.can("edit"):
            pages[f"{base}{row.pk}/edit/"] = may and ctx.may(module, "edit")
        for address, opens in pages.items():
            answer = client.get(address)
            assert answer.status_code == (200 if opens else 403), f"{username} {address}"
            assert "argon2" not in answer.content.decode() and "password" not in _table(answer), address


def _table(answer):
    """The part of a page that shows values."""
    # The names of verbs to choose from, such as that of resetting a password, are no values.
    text = re.sub(r"<option[^>]*>[^<]*</option>", "", answer.content.decode())
    return text[text.find("<table") : text.rfind("</table>")]


def test_a_new_persons_password_is_shown_once(world, client):
    client.force_login(world.ctx("system_admin").actor)
    answer = client.post(
        "/people/person/new/", {"name": "单立人", "username": "shan.liren", "language": "zh-hans"}, follow=True
    )
    made = Person.objects.get(username="shan.liren")
    assert made.has_usable_password()
    assert answer.status_code == 200 and "shan.liren" in answer.content.decode()
    shown = set(re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", answer.content.decode()))
    assert [made.check_password(word) for word in shown] == [True]
    assert next(iter(shown)) not in client.get(f"/people/person/{made.pk}/").content.decode()


def test_names_for_programs_are_shown_as_people_know_them(world, rows, client):
    admin = world.ctx("system_admin")
    setting = standard.create(admin, "records.fieldsetting", module="customers.customer", field="status", hidden=True)
    client.force_login(admin.actor)
    values = client.get("/records/picklistvalue/").content.decode()
    assert "产品 · 计量单位" in values and "catalog.unit" not in _table_text(values)
    settings = client.get("/records/fieldsetting/").content.decode()
    assert "状态" in _table_text(settings) and str(setting) == "状态"
    client.force_login(world["security_admin"])
    role = client.get(f"/access/role/{rows['access.role'].pk}/").content.decode()
    assert "客户及其所属资料" in role and "@customer" not in role


def test_a_page_offers_what_can_be_done_and_nothing_else(world, rows, client):
    client.force_login(world["system_admin"])
    address = f"/people/person/{world['wang_fang'].pk}/"
    active = client.get(address).content.decode()
    assert "do/deactivate/" in active and "do/reactivate/" not in active and "?copy=" not in active
    Person.objects.filter(pk=world["wang_fang"].pk).update(is_active=False)
    left = client.get(address).content.decode()
    assert "do/reactivate/" in left and "do/deactivate/" not in left


def _table_text(page):
    return re.sub(r"<[^>]+>", " ", page[page.index("<tbody") : page.index("</tbody>")])
