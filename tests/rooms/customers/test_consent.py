"""Whether a person may be contacted, from what he said: kept, refused, and against a second way of working it out."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.records.standard import create
from guanxi.rooms.customers.queries import consent_states, may_contact, may_contact_many
from guanxi.rooms.customers.rules import ConsentFact, contact_permitted
from tests.digest import digest
from tests.people import NOW

CONSENT = "customers.consent"
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def chen(new: Any, yuzhong: Any) -> Any:
    """The buyer of the dealer in Chongqing."""
    return new("li_wei", "customers.contact", customer=yuzhong, name="陈静", mobile="13883021199")


@pytest.fixture
def say(new: Any, chen: Any) -> Any:
    """Enter what the buyer said about marketing by text message."""

    def make(statement: str, at: datetime.datetime = NOW - DAY, **values: Any) -> Any:
        given = {"channel": "sms", "purpose": "marketing", **values}
        return new("li_wei", CONSENT, contact=chen, statement=statement, stated_at=at, **given)

    return make


def test_silence_is_no_consent_except_for_carrying_out_a_contract(chen):
    assert not may_contact(chen, "sms", "marketing", NOW).allowed
    assert not may_contact(chen, "email", "survey", NOW).allowed
    assert may_contact(chen, "sms", "contract", NOW) == may_contact(chen, "call", "contract", NOW)
    assert may_contact(chen, "sms", "contract", NOW).allowed


def test_a_consent_holds_for_its_channel_and_purpose_from_its_moment_until_its_last_day(chen, say):
    assert say("given", valid_until=(NOW + 2 * DAY).date()).customer == chen.customer
    assert may_contact(chen, "sms", "marketing", NOW).allowed
    assert not may_contact(chen, "sms", "marketing", NOW - 2 * DAY).allowed  # not said yet
    assert not may_contact(chen, "email", "marketing", NOW).allowed
    assert not may_contact(chen, "sms", "survey", NOW).allowed
    last = datetime.datetime(2026, 11, 23, 15, 59, 59, tzinfo=datetime.UTC)  # midnight in China follows
    assert may_contact(chen, "sms", "marketing", last).allowed
    assert not may_contact(chen, "sms", "marketing", last + datetime.timedelta(seconds=1)).allowed


def test_a_withdrawal_holds_at_once_and_a_new_consent_lifts_it(chen, say):
    say("given", NOW - 3 * DAY)
    say("withdrawn", NOW - DAY)
    assert not may_contact(chen, "sms", "marketing", NOW).allowed
    assert may_contact(chen, "sms", "marketing", NOW - 2 * DAY).allowed
    say("given", NOW - HOUR)
    assert may_contact(chen, "sms", "marketing", NOW).allowed
    say("withdrawn", NOW - HOUR)  # of two things said at once the refusal holds
    assert not may_contact(chen, "sms", "marketing", NOW).allowed


def test_an_objection_closes_the_channel_and_warns_even_for_a_contract(chen, say):
    say("objected", purpose="contract")
    decision = may_contact(chen, "sms", "contract", NOW)
    assert decision.allowed and decision.warnings
    assert may_contact(chen, "call", "contract", NOW).warnings == ()
    say("objected")
    assert not may_contact(chen, "sms", "marketing", NOW).allowed


def test_many_people_are_judged_in_one_statement(chen, say, new, yuzhong, django_assert_num_queries):
    say("given")
    other = new("li_wei", "customers.contact", customer=yuzhong, name="罗平")
    with django_assert_num_queries(1):
        found = may_contact_many([chen.pk, other.pk], "sms", "marketing", NOW)
    assert {pk: decision.allowed for pk, decision in found.items()} == {chen.pk: True, other.pk: False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"stated_at": NOW + HOUR},
        {"valid_until": (NOW - 5 * DAY).date()},
        {"channel": "pigeon"},
        {"contact": None},
    ],
)
def test_a_statement_that_cannot_be_is_refused_and_nothing_is_kept(world, chen, wrong):
    values = {"contact": chen, "statement": "given", "channel": "sms", "stated_at": NOW - DAY, **wrong}
    before = digest()
    with pytest.raises(Invalid):
        create(world.ctx("li_wei"), CONSENT, **values)
    assert digest() == before


def test_only_who_sees_the_customer_enters_and_reads_what_the_person_said(world, chen, say):
    say("given")
    before = digest()
    for stranger in ("zhang_min", "clerk", "system_admin"):
        with pytest.raises((NotAllowed, NotFound, Invalid)):
            create(world.ctx(stranger), CONSENT, contact=chen, statement="given", channel="sms", stated_at=NOW - DAY)
        assert world.ctx(stranger).search(CONSENT).count() == 0
    assert digest() == before
    states = consent_states(world.ctx("li_wei"), chen)
    assert len(states) == 15 and sum(state.said is not None for state in states) == 1


def test_the_contact_page_shows_what_holds(world, chen, say):
    say("given")
    client = Client()
    client.force_login(world["li_wei"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/customers/contact/{chen.pk}/").content.decode()
    assert "channel=sms&amp;purpose=marketing" in page
    assert page.count('<span class="red">') == 9  # two purposes by five channels, less the one agreed to


# ---- Against an independent way of working it out --------------------------------------------------------------------

facts = st.lists(
    st.builds(
        ConsentFact,
        st.sampled_from(["given", "withdrawn", "objected"]),
        st.integers(-5, 5).map(lambda hours: NOW + hours * HOUR),
        st.none() | st.integers(-2, 2).map(lambda days: (NOW + days * DAY).date()),
    ),
    max_size=8,
)


@given(facts, st.sampled_from(["contract", "marketing", "survey"]))
def test_whatever_was_said_in_whatever_order_the_answer_is_the_oracles(said, purpose):
    """The oracle plays the moments one by one and keeps the sternest of each."""
    standing = "silent"
    for moment in sorted({fact.stated_at for fact in said if fact.stated_at <= NOW}):
        now = [fact for fact in said if fact.stated_at == moment]
        refusals = [fact.statement for fact in now if fact.statement != "given"]
        if refusals:
            standing = refusals[0]
        else:
            ends = now[0].valid_until
            standing = "given" if ends is None or ends >= NOW.date() else "ended"
    decision = contact_permitted(said, purpose, NOW, NOW.date())
    assert decision.allowed == (purpose == "contract" or standing == "given")
