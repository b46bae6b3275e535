import os
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, OperationalError, connection, transaction

from guanxi.platform.audit.chain import anchor, anchor_file, read_anchors, seal_pending
from guanxi.platform.audit.entries import write
from guanxi.platform.audit.keys import audit_key
from guanxi.platform.audit.models import AuditEntry, AuditSeal
from guanxi.platform.audit.verification import verify
from guanxi.platform.calendar import clock_at
from tests.platform.audit.trail import BEGIN, entry, sealed_trail


def sealed_order():
    return list(AuditSeal.objects.order_by("seq").values_list("seq", "entry_id"))


@pytest.mark.django_db
def test_sealing_goes_on_where_it_stopped():
    write([entry(number) for number in (10, 20, 30)])
    assert seal_pending(limit=2) == 2
    assert verify().waiting == 1
    assert seal_pending(limit=2) == 1
    assert seal_pending(limit=2) == 0
    assert sealed_order() == [(1, 10), (2, 20), (3, 30)]
    report = verify()
    assert (report.ok, report.entries, report.waiting, report.problem) == (True, 3, 0, None)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["\ud800", "川\u2028", 10**400, 1e300, 0.1, -0.0, {"b": 1, "a": [None, True]}])
def test_odd_values_neither_stop_the_sealing_nor_break_the_chain(value):
    try:
        with transaction.atomic():
            write([entry(changes={"odd": [value, None]})])
    except (DataError, OperationalError):
        assert connection.vendor == "postgresql"
    write([entry()])
    seal_pending()
    report = verify()
    assert (report.ok, report.entries) == (True, AuditEntry.objects.count())


@pytest.mark.django_db
def test_an_entry_that_commits_late_is_sealed_behind_higher_numbers():
    write([entry(10), entry(30)])
    with clock_at(BEGIN):
        assert seal_pending() == 2
    write([entry(20), entry(40, at=BEGIN - timedelta(days=300))])
    with clock_at(BEGIN + timedelta(minutes=2)):
        assert seal_pending() == 2
    assert sealed_order() == [(1, 10), (2, 30), (3, 20), (4, 40)]
    assert verify().ok


@pytest.mark.django_db
def test_an_entry_below_what_is_settled_is_no_late_commit():
    sealed_trail(2, 2)
    write([entry(15), entry(35)])
    assert seal_pending() == 1
    assert sealed_order()[-1] == (5, 35)
    report = verify()
    assert (report.ok, report.first_bad) == (False, 15)


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain():
    with transaction.atomic():
        write([entry() for _ in range(300)])
    counts, start = [], threading.Barrier(4)

    def run():
        start.wait()
        try:
            for _ in range(10):
                counts.append(seal_pending(limit=40))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while made := seal_pending():
        counts.append(made)
    assert sum(counts) == 300
    report = verify()
    assert (report.ok, report.entries, report.waiting) == (True, 300, 0)


@pytest.mark.django_db(transaction=True)
def test_sealing_beside_writers_that_commit_out_of_order_leaves_nothing_out():
    stop = threading.Event()

    def write_some(size):
        try:
            for _ in range(15):
                with transaction.atomic():
                    write([entry() for _ in range(size)])
        finally:
            connection.close()

    def seal():
        try:
            while not stop.is_set():
                seal_pending(limit=50)
        finally:
            connection.close()

    writers = [threading.Thread(target=write_some, args=(size,)) for size in (1, 7, 20)]
    sealer = threading.Thread(target=seal)
    for thread in (*writers, sealer):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    sealer.join()
    while seal_pending():
        pass
    report = verify()
    assert (report.ok, report.entries, report.waiting) == (True, 15 * 28, 0)
    assert AuditEntry.objects.count() == 15 * 28


@pytest.mark.django_db
def test_the_head_is_anchored_when_it_moves():
    assert anchor() is None
    assert not anchor_file().exists()
    write([entry(10)])
    seal_pending()
    line = anchor()
    head = AuditSeal.objects.get()
    assert line.split(" ")[1:] == ["1", head.hash]
    assert anchor() is None
    write([entry(20)])
    seal_pending()
    assert anchor()
    assert [seq for seq, _ in read_anchors()] == [1, 2]
    assert anchor_file().stat().st_mode & 0o777 == 0o600
    assert verify().anchors == 2
    assert verify(anchors=False).anchors == 0


@pytest.mark.django_db
def test_a_damaged_anchor_file_is_a_finding():
    sealed_trail(1, 1)
    assert verify().ok
    with anchor_file().open("a") as file:
        file.write("rubbish\n")
    report = verify()
    assert (report.ok, report.problem.params["place"]) == (False, "line 2")
    assert verify(anchors=False).ok


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = audit_key()
    path = tmp_path / "audit_key"
    assert len(key) >= 32
    assert audit_key() == key == path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["audit_key"]  # noqa: PTH208
    path.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="0600"):
        audit_key()


def test_the_key_of_the_environment_comes_first_and_must_be_long(monkeypatch, tmp_path):
    monkeypatch.setenv("GUANXI_AUDIT_KEY", "k" * 32)
    assert audit_key() == b"k" * 32
    monkeypatch.setenv("GUANXI_AUDIT_KEY", "k" * 31)
    with pytest.raises(ImproperlyConfigured, match="32"):
        audit_key()
    assert list(tmp_path.iterdir()) == []
