"""How long the crash tests go on: a short tier for every change, a long one (GUANXI_CRASH=long) now and then."""

import os
from collections.abc import Iterator

import pytest

from tests.config.installations import SERVER, Installation, installation

IS_LONG = os.environ.get("GUANXI_CRASH") == "long"
sqlite_only = pytest.mark.skipif(bool(SERVER), reason="about the embedded database")

COMPANY = """
from datetime import date
from django.contrib.auth.hashers import make_password
from guanxi.api.pace import CALLS_PER_MINUTE
from guanxi.platform.access.models import Role
from guanxi.platform.access.roles import give_role
from guanxi.platform.calendar import now
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import set_value
from guanxi.records.context import Context
from guanxi.records.standard import create
set_value(CALLS_PER_MINUTE, str(CALLS_PER_MINUTE.maximum), date(2026, 1, 1), None, "crash tests", now())
for number in range(8):
    person = Person.objects.create_user(f"writer{number}", name=f"写手{number}")
    Person.objects.filter(pk=person.pk).update(password=make_password(PASSWORD))
    for role in ("employee", "sales_manager"):
        give_role(person, Role.objects.get(code=role))
    ctx = Context.of(Person.objects.get(pk=person.pk), source="cli", confirmed_at=now())
    create(ctx, "access.accesstoken", name="crash", expires_on="2027-06-30", read_only="no", elevated="no")
    print(ctx.told[-1].secret)
"""
PASSWORD = "kill-minus-nine-2026"


@pytest.fixture(scope="session")
def founded(tmp_path_factory) -> Iterator[tuple[Installation, list[str]]]:
    """The company, made once: each test gets a copy."""
    with installation(tmp_path_factory.mktemp("founded")) as found:
        yield found, found_company(found)


def found_company(found: Installation) -> list[str]:
    """Eight writers, who all have one password; returns the access token of each."""
    found.run("migrate")
    return found.python(f"PASSWORD = {PASSWORD!r}\n{COMPANY}").splitlines()


@pytest.fixture
def company(tmp_path, founded) -> Iterator[tuple[Installation, list[str]]]:
    """An installation with eight writers, and the access token of each."""
    origin, secrets = founded
    with installation(tmp_path / "company", like=origin) as found:
        yield found, secrets
