from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from guanxi.platform.audit import triggers
from guanxi.platform.audit.entries import history, write
from guanxi.platform.audit.models import AuditEntry, AuditSeal
from tests.platform.audit.trail import BEGIN, RECORD, entry, sealed_trail, sql


@pytest.mark.django_db(transaction=True)
def test_entries_are_kept_with_the_action_or_not_at_all():
    with pytest.raises(transaction.TransactionManagementError):
        write([entry()])
    with pytest.raises(RuntimeError), transaction.atomic():
        write([entry()])
        raise RuntimeError
    assert AuditEntry.objects.count() == 0
    with transaction.atomic():
        write([entry(), entry(action="delete")])
    assert [row.action for row in AuditEntry.objects.order_by("id")] == ["update", "delete"]


@pytest.mark.django_db
def test_values_are_stored_as_they_can_be_shown():
    batch = uuid4()
    write([entry(record_label="川" * 300, actor_name="a\x00b", batch=batch, decision={"reasons": []})])
    stored = AuditEntry.objects.get()
    assert stored.record_label == "川" * 250
    assert stored.actor_name == "ab"
    assert stored.changes == {"limit": ["1.10", None]}
    assert (stored.batch, stored.decision, stored.outcome) == (batch, {"reasons": []}, "done")


@pytest.mark.django_db
def test_history_is_one_record_s_newest_first():
    write(
        [
            entry(at=BEGIN + timedelta(days=1)),
            entry(record_id=uuid4()),
            entry(module="sales.order"),
            entry(action="delete"),
        ]
    )
    assert [row.action for row in history("customers.customer", RECORD)] == ["delete", "update"]


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"source": "telepathy"}, {"outcome": "perhaps"}])
def test_the_database_refuses_unknown_sources_and_outcomes(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        write([entry(**fields)])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET reason = 'x' WHERE id = 20",
        "UPDATE audit_auditentry SET reason = 'x'",
        "DELETE FROM audit_auditentry WHERE id = 30",
        "UPDATE audit_auditseal SET hash = 'x' WHERE seq = 1",
        "DELETE FROM audit_auditseal",
        "INSERT OR REPLACE INTO audit_auditentry SELECT * FROM audit_auditentry WHERE id = 20",
        "INSERT OR REPLACE INTO audit_auditseal "
        "SELECT 99, seq, sealed_at, hash, previous, entry_id FROM audit_auditseal",
    ],
)
def test_the_database_refuses_changes_whoever_asks(statement):
    sealed_trail(2, 1)
    connection.check_constraints()
    if "REPLACE" in statement and connection.vendor != "sqlite":
        statement = (
            "INSERT INTO audit_auditentry SELECT * FROM audit_auditentry ON CONFLICT (id) DO UPDATE SET reason='x'"
        )
    before = list(AuditEntry.objects.values()), list(AuditSeal.objects.values())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(statement)
    assert (list(AuditEntry.objects.values()), list(AuditSeal.objects.values())) == before
    with transaction.atomic():
        triggers.remove(connection)
        if not statement.startswith(("INSERT", "DELETE FROM audit_auditentry")):
            sql(statement)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_orm_is_refused_as_well():
    sealed_trail(1, 1)
    connection.check_constraints()
    stored = AuditEntry.objects.first()
    stored.reason = "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditSeal.objects.all().delete()
    assert AuditSeal.objects.count() == 2


def test_other_engines_are_not_silently_unprotected():
    with pytest.raises(NotImplementedError, match="oracle"):
        triggers.creating("oracle")
