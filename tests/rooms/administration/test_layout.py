"""The pages on which the system administrator makes forms the company's own, and the packs of a trade."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from guanxi.kernel.errors import NotAllowed
from guanxi.records import customising, registry
from guanxi.records.actions import run
from guanxi.records.models import CustomField, FieldSetting
from guanxi.records.standard import action_of
from guanxi.rooms.administration import packs
from tests.digest import digest
from tests.makers import make
from tests.people import World

CUSTOMER, FIELDS = "customers.customer", "records.customfield"
FORM = f"/administration/layout/{CUSTOMER}/"


@pytest.fixture
def login(client: Client, world: World) -> Any:
    def as_person(username: str) -> Client:
        client.force_login(world[username])
        return client

    return as_person


def _install(world: World, name: str, verb: str = "install_pack") -> None:
    action = action_of(registry.module(FIELDS), verb)
    assert action is not None
    run(action, world.ctx("system_admin"), FIELDS, None, {"pack": name})
    customising.forget()


@pytest.mark.parametrize("username", ["li_wei", "general_manager", "security_admin"])
def test_only_the_system_administrator_arranges(username: str, login: Any, world: World) -> None:
    browser = login(username)
    # The general manager reads settings like everybody's parameters; he changes none.
    assert browser.get(FORM).status_code == (200 if username == "general_manager" else 403)
    before = digest()
    assert browser.post(f"{FORM}arrange/", {"field": "notes", "do": "up"}).status_code == 403
    assert browser.post("/administration/packs/hotel/", {"do": "install"}).status_code == 403
    assert digest() == before
    with pytest.raises(NotAllowed):
        _install_as(world, username)


def _install_as(world: World, username: str) -> None:
    action = action_of(registry.module(FIELDS), "install_pack")
    assert action is not None
    run(action, world.ctx(username), FIELDS, None, {"pack": "hotel"})


def test_a_field_is_moved_hidden_shown_and_everything_taken_back(login: Any) -> None:
    browser = login("system_admin")
    known = registry.entry(CUSTOMER)
    first, second = known.sections[0].fields[:2]
    third = known.sections[0].fields[2]
    assert browser.get(FORM).status_code == 200

    def post(**data: str) -> None:
        assert browser.post(f"{FORM}arrange/", data).status_code == 302
        customising.forget()

    post(field=second, do="up")
    assert known.sections[0].fields[:2] == (second, first)
    post(field=third, do="section", section="渠道 / Channels")
    assert known.sections[-1].fields == (third,)
    with translation.override("zh-hans"):
        assert str(known.sections[-1].label) == "渠道"
    with translation.override("en"):
        assert str(known.sections[-1].label) == "Channels"
    post(field=third, do="require")
    assert known.field(third).required
    post(field=third, do="free")
    post(field=third, do="hide")
    assert all(third not in section.fields for section in known.sections)
    assert third in known.fields
    post(field=third, do="unhide")
    post(do="reset")
    assert known.sections == known.module.sections
    assert not FieldSetting.objects.filter(deleted_at=None).exists()


def test_conditions_are_set_on_their_page(login: Any, world: World) -> None:
    _install(world, "liquor")
    row = CustomField.objects.get(name="x_liquor_deposit")
    browser = login("system_admin")
    page = f"/administration/conditions/{row.pk}/"
    token = browser.get(page).content.decode().split('name="form_token" value="')[1].split('"')[0]
    data = {
        "form_token": token, "version": str(row.version), "shown_when-join": "all", "required_when-join": "all",
        "shown_when-field0": "x_liquor_channel", "shown_when-op0": "in", "shown_when-value0": "经销商, Sub-dealer",
    }  # fmt: skip
    assert browser.post(page, data).status_code == 302
    row.refresh_from_db()
    assert row.shown_when == {"all": [{"field": "x_liquor_channel", "op": "in", "value": ["经销商", "分销商"]}]}
    customising.forget()
    form = login("li_wei").get("/customers/customer/new/").content.decode()
    assert "data-gx-shown" in form


@pytest.mark.parametrize("pack", packs.PACKS, ids=lambda pack: pack.name)
def test_a_pack_is_installed_removed_and_installed_again(pack: Any, world: World) -> None:
    _install(world, pack.name)
    for each in pack.fields:
        spec = registry.entry(each.module).field(each.name)
        assert len(spec.choices) == len(each.options)
    for label in pack.labels:
        assert FieldSetting.objects.filter(module=label.module, field=label.field, pack=pack.name).exists()
    field = next(each for each in pack.fields if each.module == CUSTOMER and each.options)
    value = field.options[0][0]
    customer = make(world.system, CUSTOMER, world["li_wei"], **{field.name: value})
    before = digest()
    _install(world, pack.name)
    assert digest() == before

    _install(world, pack.name, "remove_pack")
    assert field.name not in registry.entry(CUSTOMER).fields
    assert FieldSetting.objects.filter(deleted_at=None).count() == 0
    _install(world, pack.name)
    kept = world.system.get(CUSTOMER, customer.pk)
    assert registry.entry(CUSTOMER).field(field.name).value(kept) in (value, (value,))
