"""Every kind of tampering is found, and the first bad row is named."""

import hmac
import json
import tempfile
from pathlib import Path

import pytest
from django.db.models import F
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from guanxi.platform.audit.chain import link_hash, sealed_values
from guanxi.platform.audit.keys import audit_key
from guanxi.platform.audit.models import AuditEntry, AuditSeal
from guanxi.platform.audit.verification import verify
from tests.platform.audit.trail import sealed_trail, sql, tampering

EARLY, LATE = 4, 5
LAST = EARLY + LATE
NEW_VALUES = {
    "at": "2026-11-20 02:00:01+00:00", "actor_id": None, "actor_name": "王莉", "source": "api", "action": "view",
    "module": "x", "record_id": None, "record_label": "", "reason": "", "changes": '{"limit": [null, "1.10"]}',
    "decision": "{}", "outcome": "refused", "batch": "01930000000070008000000000000002", "address": "10.0.0.1",
    "token": "0193000000007000800000000000000b", "token_name": "门店",
}  # fmt: skip

places = st.integers(1, LAST)
pairs = st.tuples(places, places).filter(lambda pair: pair[0] < pair[1])


def edit_entry(place, column):
    sql(f"UPDATE audit_auditentry SET {column} = %s WHERE id = %s", NEW_VALUES[column], 10 * place)  # noqa: S608


def edit_seal(place, column):
    new = "2020-01-01 00:00:00+00:00" if column == "sealed_at" else "0" * 64
    sql(f"UPDATE audit_auditseal SET {column} = %s WHERE seq = %s", new, place)  # noqa: S608


def delete_seals(first, last):
    sql("DELETE FROM audit_auditseal WHERE seq BETWEEN %s AND %s", first, last)


def delete_entries(first, last):
    sql("DELETE FROM audit_auditentry WHERE id BETWEEN %s AND %s", 10 * first, 10 * last)


def swap_seals(one, two):
    for old, new in ((one, -1), (two, one), (-1, two)):
        sql("UPDATE audit_auditseal SET seq = %s WHERE seq = %s", new, old)


def swap_entries(one, two):
    """Exchange what two entries tell, seals untouched."""
    sql(
        "UPDATE audit_auditentry SET reason = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)",
        10 * one, f"r{10 * two}", f"r{10 * one}", 10 * one, 10 * two,
    )  # fmt: skip


def rewrite_from(place, key):
    """Seal everything from this place on again, consistently, with another key."""
    previous = "" if place == 1 else AuditSeal.objects.get(seq=place - 1).hash
    entries = {values[0]: values for values in AuditEntry.objects.values_list(*sealed_values())}
    for seal in AuditSeal.objects.filter(seq__gte=place).order_by("seq"):
        digest = link_hash(key, seal.seq, f"{seal.sealed_at:%Y-%m-%d %H:%M:%S.%f}", previous, entries[seal.entry_id])
        AuditSeal.objects.filter(pk=seal.pk).update(previous=previous, hash=digest)
        previous = digest


def insert_link(place):
    """Put an entry and a seal made with another key in between, the later ones moved up."""
    AuditSeal.objects.filter(seq__gte=place).update(seq=-1 - F("seq"))
    AuditSeal.objects.filter(seq__lt=0).update(seq=-F("seq"))
    forged = AuditEntry.objects.get(id=10 * place)
    forged.pk = 10 * place - 5
    forged.save(force_insert=True)
    seal = AuditSeal.objects.get(seq=place + 1)
    values = AuditEntry.objects.values_list(*sealed_values()).get(pk=forged.pk)
    digest = link_hash(b"k" * 32, place, f"{seal.sealed_at:%Y-%m-%d %H:%M:%S.%f}", seal.previous, values)
    AuditSeal.objects.create(seq=place, entry=forged, sealed_at=seal.sealed_at, previous=seal.previous, hash=digest)


class TestTampering(HypothesisTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.enterContext(override_settings(DATA=self.folder))

    def setup_example(self):
        super().setup_example()
        for left_over in self.folder.iterdir():
            left_over.unlink()
        assert sealed_trail(EARLY, LATE) == [10 * place for place in range(1, LAST + 1)]
        report = verify()
        assert (report.ok, report.entries, report.anchors) == (True, LAST, 1)

    def assert_found(self, seq, first_bad, tamper, *arguments, anchors=True, message=""):
        with tampering():
            tamper(*arguments)
            report = verify(anchors)
            assert (report.ok, report.seq, report.first_bad) == (False, seq, first_bad)
            assert report.problem is not None
            assert message in report.problem.plain
            if seq is not None:
                assert report.entries == seq - 1
        assert verify().ok

    @settings(max_examples=60)
    @given(places, st.sampled_from(sorted(NEW_VALUES)), st.booleans())
    def test_an_edited_entry(self, place, column, anchors):
        self.assert_found(place, 10 * place, edit_entry, place, column, anchors=anchors, message="was changed")

    @settings(max_examples=15)
    @given(places.filter(lambda place: 10 * place % 20), st.sampled_from(["token", "token_name", "token, token_name"]))
    def test_an_access_token_taken_away(self, place, columns):
        def take_away():
            emptied = ", ".join(f"{column} = NULL" for column in columns.split(", "))
            sql(f"UPDATE audit_auditentry SET {emptied} WHERE id = %s", 10 * place)  # noqa: S608

        self.assert_found(place, 10 * place, take_away, message="was changed")

    @settings(max_examples=20)
    @given(places, st.sampled_from(["hash", "previous", "sealed_at"]))
    def test_an_edited_seal(self, place, column):
        self.assert_found(place, 10 * place, edit_seal, place, column)

    @settings(max_examples=15)
    @given(places, places)
    def test_deleted_entries(self, one, two):
        first, last = sorted((one, two))
        self.assert_found(first, 10 * first, delete_entries, first, last, anchors=False, message="was deleted")

    @settings(max_examples=15)
    @given(places, places)
    def test_deleted_seals_and_a_cut_tail(self, one, two):
        first, last = sorted((one, two))
        message = "end of the chain is missing" if last == LAST else "is missing"
        self.assert_found(first, None, delete_seals, first, last, message=message)

    @settings(max_examples=15)
    @given(places, places)
    def test_deleted_entries_with_their_seals(self, one, two):
        first, last = sorted((one, two))

        def both():
            delete_seals(first, last)
            delete_entries(first, last)

        self.assert_found(first, None, both)

    @settings(max_examples=15)
    @given(pairs)
    def test_reordered_seals_and_exchanged_entries(self, pair):
        one, two = pair
        self.assert_found(one, 10 * two, swap_seals, one, two, anchors=False, message="does not follow")
        self.assert_found(one, 10 * one, swap_entries, one, two, anchors=False, message="was changed")

    @settings(max_examples=15)
    @given(places)
    def test_a_rewrite_with_another_key(self, place):
        self.assert_found(place, 10 * place, rewrite_from, place, b"k" * 32, anchors=False, message="another key")

    @settings(max_examples=15)
    @given(places)
    def test_an_inserted_link(self, place):
        self.assert_found(place, 10 * place - 5, insert_link, place, anchors=False, message="another key")

    @settings(max_examples=10)
    @given(st.integers(1, 10 * EARLY - 1).filter(lambda number: number % 10))
    def test_an_entry_put_in_without_a_seal(self, number):
        def insert():
            stray = AuditEntry.objects.first()
            stray.pk = number
            stray.save(force_insert=True)

        self.assert_found(None, number, insert, anchors=False, message="put in afterwards")

    @settings(max_examples=10)
    @given(places)
    def test_a_rewrite_by_somebody_who_has_the_key_shows_against_the_anchor(self, place):
        def rewrite():
            edit_entry(place, "reason")
            rewrite_from(place, audit_key())

        with tampering():
            rewrite()
            assert verify(anchors=False).ok
        self.assert_found(LAST, 10 * LAST, rewrite, message="differs from its anchor")


def test_what_was_sealed_before_there_were_tokens_keeps_its_seal():
    """The seal of an entry without a token is the one it got when entries could not name any."""
    columns = [10, "2026-11-20 02:00:00.000000", None, "王丽", "page", "update", "x", None, "", "", "done", None, ""]
    meaning = [1, "2026-11-20 02:00:05.000000", "", columns, {"limit": ["1.10", None]}, None]
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"))
    sealed = hmac.digest(b"k" * 32, text.encode("ascii"), "sha256").hex()
    told = ('{"limit": ["1.10", null]}', None)
    assert link_hash(b"k" * 32, *meaning[:3], [*columns, None, None, *told]) == sealed
    assert link_hash(b"k" * 32, *meaning[:3], [*columns, "a" * 32, "官网", *told]) != sealed


@pytest.mark.django_db
def test_an_empty_trail_is_whole():
    report = verify()
    assert (report.ok, report.entries, report.waiting, report.anchors) == (True, 0, 0, 0)
