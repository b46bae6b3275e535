"""`guanxi import`, `export` and `search`: the rights of the person who is named, and the audit says so."""

from pathlib import Path

import pytest

from guanxi.config import cli
from guanxi.config.commands import transfer
from guanxi.kernel.errors import Invalid
from guanxi.platform.audit.models import AuditEntry
from guanxi.rooms.customers.models import Customer
from tests.makers import make


@pytest.fixture
def guanxi(monkeypatch, capsys, settings, tmp_path):
    """Runs a command; gives exit code, output, errors."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def run(*words):
        code = cli.main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_record_type_goes_by_its_key_or_its_noun():
    assert transfer.module_named("customer") is transfer.module_named("customers.customer")
    with pytest.raises(Invalid) as refusal:
        transfer.module_named("customers")
    assert "customers.customer" in refusal.value.message.plain


def test_the_ending_of_an_export():
    assert transfer.target(Path("a/b"), "") == Path("a/b.xlsx")
    assert transfer.target(Path("a/b"), "csv") == Path("a/b.csv")
    assert transfer.target(Path("b.CSV"), "csv") == Path("b.CSV")
    for path, wanted in (("b.csv", "xlsx"), ("b.pdf", "")):
        with pytest.raises(Invalid):
            transfer.target(Path(path), wanted)


@pytest.mark.django_db(transaction=True)
def test_importing_as_somebody(world, guanxi, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text("客户名称,电话\n成都锦里商贸有限公司,028-85461234\n重庆南山酒业有限公司,12\n")
    code, _out, err = guanxi("import", "customer", file, "--as", "finance")
    assert code == 1 and "import" in err and not Customer.objects.exists()

    code, out, _err = guanxi("import", "customer", file, "--as", "li_wei")
    assert code == 1 and "Row 3: " in out, out
    customer = Customer.objects.get()
    assert (customer.name, customer.owner) == ("成都锦里商贸有限公司", world["li_wei"])
    assert AuditEntry.objects.filter(module="customers.customer", action="create").get().actor == world["li_wei"]

    code, out, _err = guanxi("import", "customer", file, "--as", "li_wei", "--column", "客户名称=name")
    assert (code, out) == (0, "created: 1\nskipped: 1\n")
    assert Customer.objects.get(name="重庆南山酒业有限公司").phone == ""


@pytest.mark.django_db(transaction=True)
def test_exporting_as_somebody(world, guanxi, tmp_path):
    make(world.ctx("li_wei"), "customers.customer", name="成都锦里商贸有限公司")
    make(world.ctx("zhang_min"), "customers.customer", name="上海外滩酒业有限公司")
    target = tmp_path / "mine.csv"
    code, out, _err = guanxi("export", "customer", target, "--as", "li_wei", "--reason", "月度核对")
    assert code == 0 and out.startswith("1 rows")
    text = target.read_text("utf-8-sig")
    assert "锦里" in text and "外滩" not in text
    entry = AuditEntry.objects.get(action="export")
    assert (entry.source, entry.reason) == ("cli", "月度核对")

    code, _out, err = guanxi("export", "customer", tmp_path / "why.csv", "--as", "li_wei")
    assert code == 1 and "what the file is for" in err and not (tmp_path / "why.csv").exists()

    code, _out, err = guanxi("export", "customer", tmp_path / "other.csv", "--as", "storekeeper")
    assert code == 1 and "export" in err and not (tmp_path / "other.csv").exists()
    code, _out, err = guanxi("export", "customer", tmp_path / "no" / "folder.csv", "--as", "li_wei", "--reason", "x")
    assert code == 1 and "folder.csv" in err


@pytest.mark.django_db
def test_searching_as_somebody(world, guanxi):
    make(world.ctx("li_wei"), "customers.customer", name="成都锦里商贸有限公司")
    code, out, _err = guanxi("search", "锦里", "--as", "li_wei")
    assert code == 0 and "成都锦里商贸有限公司" in out
    assert guanxi("search", "锦里", "--as", "zhang_min")[:2] == (0, "Nothing was found.\n")
    code, _out, err = guanxi("search", "锦里", "--as", "stranger")
    assert code == 1 and "stranger" in err
