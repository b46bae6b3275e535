"""`guanxi demo` builds in an empty database only, and its logins are told only where they work."""

from pathlib import Path
from typing import Any

import pytest

from guanxi.config import cli
from guanxi.config.commands import demonstration
from guanxi.demo import PASSWORD
from guanxi.platform.calendar import now
from guanxi.platform.people.accounts import change_password
from guanxi.platform.people.models import Person
from guanxi.rooms.customers.models import Customer


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """The demo anchors its audit trail: not where the chains of other tests are compared with it."""
    settings.DATA = tmp_path


@pytest.mark.django_db(transaction=True)
def test_the_demo_company(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert demonstration.open_logins() == []
    assert cli.main(["demo", "--customers", "2"]) == 0
    out = capsys.readouterr().out
    customers, people = Customer.objects.count(), Person.objects.count()
    assert customers >= 2 and PASSWORD in out and "sales_manager" in out

    assert cli.main(["demo", "--customers", "2"]) == 1
    assert "in use" in capsys.readouterr().err
    assert cli.main(["demo", "--if-empty"]) == 0
    assert capsys.readouterr().out == ""
    assert (Customer.objects.count(), Person.objects.count()) == (customers, people)

    change_password(Person.objects.get(username="finance"), "Zhong-Qiu-2026-jie")
    Person.objects.filter(username="risk").update(is_active=False)
    still_open = {login.username for login in demonstration.open_logins()}
    assert "sales_manager" in still_open and not still_open & {"finance", "risk"}


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_demo_leaves_nothing(monkeypatch):
    def interrupted(customers, seed, tell):
        Person.objects.create_user("first", None, name="甲", created_at=now(), changed_at=now())
        raise KeyboardInterrupt

    monkeypatch.setattr(demonstration, "build", interrupted)
    assert cli.main(["demo"]) == 130
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_people_of_a_real_company_are_told_to_nobody(world, capsys):
    demonstration.tell_logins()
    assert capsys.readouterr().out == ""
