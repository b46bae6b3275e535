"""`guanxi person add`: the first administrators from the console, afterwards only with somebody's rights."""

import io

import pytest

from guanxi.config import cli
from guanxi.config.commands import people
from guanxi.kernel.errors import Invalid
from guanxi.platform.access.models import PersonRole
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import now
from guanxi.platform.people.models import Person
from guanxi.rooms.administration.public import install_roles

PASSWORD = "Zhong-Qiu-2026-jie"


@pytest.fixture
def add(monkeypatch, capsys):
    """Runs `guanxi person add` with a password on standard input; gives exit code, output, errors."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def run(*words, password=PASSWORD):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        code = cli.main(["person", "add", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def roles_of(username):
    held = PersonRole.objects.filter(person__username=username, deleted_at=None)
    return set(held.values_list("role__code", flat=True))


@pytest.mark.django_db
def test_the_first_people_of_an_installation(add):
    install_roles(now())
    code, _out, err = add("he", "--name", "何小雨", "--role", "account_manager")
    assert code == 1 and "system_admin" in err and not Person.objects.exists()

    code, out, _err = add("Yang", "--name", "杨工")
    assert (code, out) == (0, "杨工 can log in as yang: 系统管理员.\n")
    founder = Person.objects.get()
    assert founder.check_password(PASSWORD) and roles_of("yang") == {"employee", "system_admin"}
    entry = AuditEntry.objects.get()
    assert (entry.source, entry.action, entry.actor_id, entry.record_id) == ("cli", "create", founder.pk, founder.pk)

    code, _out, err = add("gao", "--name", "高安", "--role", "security_admin")
    assert code == 1 and "--as" in err
    code, _out, err = add("gao", "--name", "高安", "--role", "security_admin", "--as", "nobody")
    assert code == 1 and "nobody" in err and Person.objects.count() == 1
    code, _out, _err = add("gao", "--name", "高安", "--role", "security_admin", "--as", "yang")
    assert code == 0 and roles_of("gao") == {"employee", "security_admin"}
    assert set(AuditEntry.objects.values_list("action", "source", "actor_name")) == {
        ("create", "cli", "杨工"),
        ("give_role", "cli", "杨工"),
    }


@pytest.mark.django_db
def test_once_rights_can_be_granted_the_console_has_no_more_than_a_person(world, add):
    before = Person.objects.count()
    code, _out, err = add("shen", "--name", "沈一", "--role", "audit_admin", "--as", "system_admin")
    assert code == 1 and "may not give roles" in err
    code, _out, err = add("shen", "--name", "沈一", "--role", "employee", "--as", "li_wei")
    assert code == 1 and err and Person.objects.count() == before
    code, _out, _err = add("shen", "--name", "沈一", "--role", "employee", "--as", "system_admin")
    assert code == 0 and Person.objects.get(username="shen").check_password(PASSWORD)
    assert roles_of("shen") == {"employee"}


@pytest.mark.django_db
def test_what_is_wrong_enters_nobody(world, add):
    before = Person.objects.count()
    for words, said in (
        (["li_wei", "--name", "李伟", "--role", "employee"], "already in use"),
        (["shen yi", "--name", "沈一", "--role", "employee"], "username"),
        (["shen", "--name", "沈一", "--role", "emperor"], "account_manager"),
    ):
        code, _out, err = add(*words, "--as", "system_admin")
        assert code == 1 and said in err, err
    code, _out, err = add("shen", "--name", "沈一", "--role", "employee", "--as", "system_admin", password="short")
    assert code == 1 and "12" in err
    assert Person.objects.count() == before


def test_the_password_is_typed_twice():
    person = Person(username="shen", name="沈一")
    answers = iter([PASSWORD, PASSWORD, PASSWORD, "something else"])
    assert people.asked_password(person, lambda _prompt: next(answers)) == PASSWORD
    with pytest.raises(Invalid) as refusal:
        people.asked_password(person, lambda _prompt: next(answers))
    assert "differ" in refusal.value.message.plain
