"""`guanxi policy dump`: the rights that people really have, the fields, the numbers in force."""

import json
from datetime import date

import pytest

from guanxi.config import cli
from guanxi.config.commands.policy import policy
from guanxi.kernel.policy import parameter
from guanxi.platform.policy.values import set_value
from guanxi.records import registry

ACTIONS = ("view", "create", "edit", "delete", "purge", "export", "assign", "set_parameter", "give_role")


@pytest.mark.django_db
def test_the_rights_printed_are_the_rights_that_hold(world):
    """Against the other way to know: what each person of the company is allowed when he asks."""
    printed = {(each["role"], each["module"], each["action"]): each["scope"] for each in policy()["rights"]}
    for username, role in (("clerk", None), ("li_wei", "account_manager"), ("system_admin", "system_admin")):
        ctx = world.ctx(username)
        for module in registry.modules():
            for action in (
                "view",
                "create",
                "edit",
                "delete",
                "purge",
                "export",
                "assign",
                "set_parameter",
                "give_role",
            ):
                scopes = [printed.get((each, module.key, action), "none") for each in ("employee", role)]
                allowed = ctx.scope(module, action).name.lower()
                if any(scope != "none" for scope in scopes) or allowed == "none":
                    assert allowed in scopes, (username, module.key, action)


@pytest.mark.django_db
def test_no_administrator_reaches_a_customer_in_print_either(world):
    kinds = {"system", "security", "audit"}
    found = {each["module"] for each in policy()["rights"] if each["kind"] in kinds}
    assert found and not {module for module in found if module.startswith("customers.")}


@pytest.mark.django_db
def test_the_numbers_in_force_and_the_fields(world, capsys, monkeypatch):
    set_value(parameter("customers.quiet_days"), "45", date(2026, 11, 1), None, "test", world.now)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert cli.main(["policy", "dump", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (quiet,) = [each for each in found["parameters"] if each["name"] == "customers.quiet_days"]
    assert quiet["value"] == 45 and quiet["default"] != 45
    (customer,) = [each for each in found["modules"] if each["module"] == "customers.customer"]
    assert {"name", "owner"} <= {field["name"] for field in customer["fields"]}
    assert all(field["class"].startswith("C") for field in customer["fields"])
    assert cli.main(["policy", "dump"]) == 0
    assert "customers.quiet_days" in capsys.readouterr().out
