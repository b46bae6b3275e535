"""Backup and restore, as an administrator does it: whole commands on installations of their own, on either database."""

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.installations import SERVER, Installation, installation

COMPANY = """
from guanxi.platform.access.models import Role
from guanxi.platform.access.roles import give_role
from guanxi.platform.files.storage import store
from guanxi.platform.people.models import Person
from guanxi.platform.calendar import now
from guanxi.records.context import system_context
from guanxi.records.standard import create
person = Person.objects.create_user("yang", "guanxi-2026-test", name="杨工")
give_role(person, Role.objects.get(code="system_admin"))
ctx = system_context(person)
customer = create(ctx, "customers.customer", name="成都川兴酒业有限公司", confirmed=True)
for name in ("张三", "李四"):
    create(ctx, "customers.contact", customer=customer, name=name, confirmed=True)
for number in range(3):
    store(f"attachment {number}".encode() * 5000, f"{number}.txt", person, now(),
          module="customers.customer", record_id=customer.pk)
from guanxi.platform.audit.chain import anchor, seal_pending
seal_pending()
anchor()
from guanxi.platform.jobs.outbox import post
post("email", {"to": "a@example.com", "subject": "x"}, now())
"""
COUNTS = """
import json
from django.apps import apps
left_out = {"jobs", "django_tasks_database", "audit"}
models = [model for model in apps.get_models() if model._meta.app_label not in left_out]
print(json.dumps({model._meta.label: model._default_manager.count() for model in models}))
"""
STATES = """
from guanxi.platform.jobs.models import OutboxMessage
print(*OutboxMessage.objects.order_by("created_at").values_list("state", flat=True))
"""
SEND = """
from guanxi.platform.calendar import now
from guanxi.platform.jobs.outbox import deliver_due, post
post("email", {"to": "b@example.com", "subject": "y"}, now())
print(deliver_due(now()))
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Iterator[Installation]:
    """A small company with three attachments and a waiting mail."""
    with installation(tmp_path_factory.mktemp("original")) as found:
        found.run("migrate")
        found.python(COMPANY)
        yield found


@pytest.fixture(scope="module")
def backup(original: Installation, tmp_path_factory) -> Path:
    """A backup of it at a place of our choice."""
    path = tmp_path_factory.mktemp("elsewhere") / "company.guanxi"
    told = original.run("backup", str(path)).stdout
    assert "written, read again and proved" in told and "Keep a copy elsewhere" in told
    return path


@pytest.fixture
def empty(original: Installation, backup: Path, tmp_path) -> Iterator[Installation]:
    """A new machine on which only the key of the backups is known."""
    with installation(tmp_path / "new") as found:
        found.environment["GUANXI_BACKUP_KEY"] = (original.folder / "backup_key").read_text()
        yield found


def test_an_empty_machine_becomes_the_company_and_sends_nothing(original, backup, empty):
    assert backup.stat().st_mode & 0o077 == 0
    told = empty.run("restore", str(backup)).stdout
    assert "checks hold" in told and "guanxi release" in told
    assert empty.python(COUNTS) == original.python(COUNTS)
    kept = sorted(
        path.read_bytes() for path in (empty.folder / "files").rglob("*") if path.is_file() and path.name[0] != "."
    )
    assert kept == [f"attachment {number}".encode() * 5000 for number in range(3)]
    assert (empty.folder / "audit_key").read_bytes() == (original.folder / "audit_key").read_bytes()
    assert not (empty.folder / "backup_key").exists()
    assert empty.run("audit", "verify").returncode == 0

    assert empty.python(SEND) == "0"
    assert empty.python(STATES) == "waiting waiting"
    assert not (empty.folder / "mail").exists()
    empty.run("release")
    assert empty.python(STATES) == "parked waiting"
    assert empty.python(SEND) == "2"
    assert empty.python(STATES) == "parked sent sent"
    assert "not under quarantine" in empty.run("release").stdout
    trail = empty.python(
        "from guanxi.platform.audit.models import AuditEntry\n"
        "print(*AuditEntry.objects.order_by('-id').values_list('action', flat=True)[:2])"
    )
    assert trail == "release restore_backup"


def test_released_with_its_waiting_messages(backup, empty):
    empty.run("restore", str(backup))
    empty.run("release", "--send-waiting")
    assert empty.python(STATES) == "waiting"


def test_what_cannot_be_a_backup_is_refused_and_leaves_nothing(backup, empty, tmp_path):
    whole = backup.read_bytes()
    half = tmp_path / "half.guanxi"
    half.write_bytes(whole[: len(whole) // 2])
    flipped = tmp_path / "flipped.guanxi"
    flipped.write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
    other = tmp_path / "other.guanxi"
    other.write_bytes(b"PK\x03\x04 something else")
    for path, reason in (
        (half, "cut off"),
        (flipped, "damaged"),
        (other, "not a backup"),
        (tmp_path / "no", "No such file"),
    ):
        assert reason in empty.run("restore", str(path), code=1).stderr
    assert "sealed with the key" in empty.run("restore", str(backup), code=1, GUANXI_BACKUP_KEY="wrong" * 10).stderr
    without = {name: value for name, value in empty.environment.items() if name != "GUANXI_BACKUP_KEY"}
    assert "is missing" in Installation(empty.folder, without).run("restore", str(backup), code=1).stderr
    assert {path.name for path in empty.folder.iterdir()} <= {"secret_key", "in-use.lock", "guanxi.sqlite3"}
    if not SERVER and (empty.folder / "guanxi.sqlite3").exists():
        assert (empty.folder / "guanxi.sqlite3").stat().st_size <= 4096


def test_a_backup_overwrites_nothing(original, backup):
    content = backup.read_bytes()
    assert "exists already" in original.run("backup", str(backup), code=1).stderr
    assert backup.read_bytes() == content


def test_what_is_here_is_replaced_only_on_demand_and_backed_up_first(original, backup, empty):
    empty.run("migrate")
    empty.run("person", "add", "yang", "--name", "杨工", code=None)
    empty.python(
        "from guanxi.platform.people.models import Person\nPerson.objects.get_or_create(username='here', name='H')"
    )
    assert "--replace" in empty.run("restore", str(backup), code=1).stderr
    assert (
        empty.python(
            "from guanxi.platform.people.models import Person\nprint(Person.objects.filter(username='here').count())"
        )
        == "1"
    )
    empty.run("restore", "--replace", str(backup))
    assert empty.python(COUNTS) == original.python(COUNTS)
    (before,) = (empty.folder / "backups").glob("*before-restore.guanxi")
    empty.run("restore", "--replace", str(before), code=None)
    assert (
        empty.python(
            "from guanxi.platform.people.models import Person\nprint(Person.objects.filter(username='here').count())"
        )
        == "1"
    )


def test_nothing_is_restored_over_a_running_installation_nor_started_in_a_half_restored_one(backup, empty):
    empty.run("migrate")
    with (empty.folder / "in-use.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert "Stop serve and worker" in empty.run("restore", "--replace", str(backup), code=1).stderr
    with (empty.folder / "in-use.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "being restored" in empty.run("verify", code=1).stderr
    (empty.folder / "restore-unfinished").write_text("nothing was here.")
    assert "cut off" in empty.run("verify", code=1).stderr
    assert "cut off" in empty.run("worker", code=1).stderr
    empty.run("restore", "--replace", str(backup))
    assert not (empty.folder / "restore-unfinished").exists()
    empty.run("verify")


HISTORY = """
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
"""
WITHOUT_CHECK = """
from pathlib import Path
from guanxi.platform.backups.making import make
from guanxi.platform.calendar import now
make(Path({path!r}), now())
"""


def test_a_newer_version_is_refused_and_an_older_one_brought_forward(empty, tmp_path):
    newer, older = tmp_path / "newer.guanxi", tmp_path / "older.guanxi"
    with installation(tmp_path / "third") as third:
        third.environment["GUANXI_BACKUP_KEY"] = empty.environment["GUANXI_BACKUP_KEY"]
        third.run("migrate")
        third.python(HISTORY + "MigrationRecorder.Migration.objects.create(app='jobs', name='0999_of_the_future')")
        third.run("backup", str(newer))
        third.python(HISTORY + "MigrationRecorder.Migration.objects.filter(name='0999_of_the_future').delete()")
        # What an earlier version left: an app that is no more, a table that is not yet.
        third.python(HISTORY + "MigrationRecorder.Migration.objects.create(app='axes', name='0001_initial')")
        third.python(HISTORY + "call_command('migrate', 'once', 'zero', verbosity=0)")
        third.python(WITHOUT_CHECK.format(path=str(older)))
    assert "newer version" in empty.run("restore", str(newer), code=1).stderr
    empty.run("restore", str(older))
    assert empty.python("from guanxi.platform.once.models import Submission\nSubmission.objects.count()") == ""


def test_a_lost_attachment_is_told_by_backup_restore_and_trial(original, empty, tmp_path):
    stored = sorted(path for path in (original.folder / "files").rglob("*") if path.is_file() and path.name[0] != ".")
    content = stored[0].read_bytes()
    stored[0].unlink()
    try:
        done = original.run("backup", str(tmp_path / "lacking.guanxi"), code=1)
    finally:
        stored[0].write_bytes(content)
    assert stored[0].name in done.stderr
    told = empty.run("restore", str(tmp_path / "lacking.guanxi"), code=1).stdout
    assert "files.intact" in told and "is missing in the store" in told


def test_keys_of_the_restored_or_of_the_new_machine(backup, empty):
    # With another key the chain of the restored trail cannot be proved, and that is told.
    told = empty.run("restore", "--without-keys", str(backup), code=1).stdout
    assert "audit.chain" in told


def test_a_trial_changes_nothing_and_leaves_its_proof(original):
    original.run("backup")
    before = original.python(COUNTS)
    assert "✓" in original.run("try-backup").stdout
    listed = original.run("backups").stdout
    assert "✓" in listed and "checks hold" in listed
    assert original.python(COUNTS) == before
    assert not list(original.folder.glob(".trial-*"))
    (kept,) = (original.folder / "backups").glob("*Z.guanxi")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert "✗" in original.run("try-backup", code=1).stdout
    kept.unlink()


PURGE = """
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import system_context
from guanxi.records.standard import DELETE, PURGE
from guanxi.rooms.customers.models import Contact
ctx = system_context(Person.objects.get(username="yang"))
contact = Contact.objects.order_by("pk").first()
for action in (DELETE, PURGE):
    run(action, ctx, "customers.contact", contact.pk)
print(contact.pk)
"""


def test_what_was_deleted_for_good_does_not_come_back(original, backup, empty, tmp_path):
    empty.run("restore", str(backup))
    purged = empty.python(PURGE)
    lines = empty.run("deletions").stdout
    assert [json.loads(line)["record"] for line in lines.splitlines()] == [purged]
    assert empty.run("deletions", "--since", "2999-01-01").stdout == ""
    listed = tmp_path / "deletions.txt"
    listed.write_text(lines)
    contacts = "from guanxi.rooms.customers.models import Contact\n"
    count = f"{contacts}print(Contact.objects.filter(pk='{purged}').count())"
    empty.run("restore", "--replace", str(backup))
    assert empty.python(count) == "1"
    empty.run("restore", "--replace", "--deletions", str(listed), str(backup))
    assert empty.python(count) == "0"
    listed.write_text("nonsense\n")
    assert "Line 1" in empty.run("restore", "--replace", "--deletions", str(listed), str(backup), code=1).stderr


ERASE = """
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import system_context
from guanxi.rooms.customers.actions import ERASE_SUBJECT
from guanxi.rooms.customers.models import Contact
ctx = system_context(Person.objects.get(username="yang")).because("asked for in writing")
contact = Contact.objects.get(name="李四")
run(ERASE_SUBJECT, ctx, "customers.contact", contact.pk)
print(contact.pk)
"""


def test_a_person_whose_data_was_erased_stays_erased(empty, backup, tmp_path):
    empty.run("restore", str(backup))
    erased = empty.python(ERASE)
    lines = empty.run("deletions").stdout
    assert [(json.loads(line)["record"], json.loads(line)["action"]) for line in lines.splitlines()] == [
        (erased, "erase_subject")
    ]
    assert "李四" not in lines
    listed = tmp_path / "deletions.txt"
    listed.write_text(lines)
    names = "from guanxi.rooms.customers.models import Contact\nprint(Contact.objects.filter(name='李四').count())"
    empty.run("restore", "--replace", str(backup))
    assert empty.python(names) == "1"
    told = empty.run("restore", "--replace", "--deletions", str(listed), str(backup)).stdout
    assert empty.python(names) == "0", told
    listed.write_text(lines.replace("erase_subject", "delete"))
    assert "Line 1" in empty.run("restore", "--replace", "--deletions", str(listed), str(backup), code=1).stderr
