import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from guanxi.kernel.errors import Invalid
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.jobs.outbox import deliver_due, post, send_again
from guanxi.platform.jobs.registry import Attempt, Later, sender

from .conftest import AT, at_once

pytestmark = pytest.mark.django_db


def fresh(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=message.pk)


def test_a_message_is_sent_once_after_its_transaction() -> None:
    sent: list[dict[str, Any]] = []
    sender("test.mail")(sent.append)
    message = post("test.mail", {"to": "a"}, AT)
    with pytest.raises(RuntimeError), transaction.atomic():
        post("test.mail", {"to": "b"}, AT)
        raise RuntimeError
    assert deliver_due(AT - timedelta(seconds=1)) == 0
    assert [deliver_due(AT), deliver_due(AT)] == [1, 0]
    assert sent == [{"to": "a"}]
    assert (fresh(message).state, fresh(message).sent_at, fresh(message).attempts) == ("sent", AT, 1)


def test_an_unknown_sender_is_a_programming_error() -> None:
    with pytest.raises(LookupError):
        post("test.nobody", {}, AT)
    assert not OutboxMessage.objects.exists()


def test_failures_are_repeated_ever_later_and_parked_after_eight() -> None:
    tries = []

    @sender("test.mail")
    def fail(payload: dict[str, Any]) -> None:
        tries.append(moment)
        raise ConnectionRefusedError("no server")

    message = post("test.mail", {}, AT)
    moment = AT
    for _ in range(10):
        deliver_due(moment)
        assert deliver_due(moment) == 0
        moment = max(moment, fresh(message).next_try_at)
    waits = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tries)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920]
    assert (fresh(message).state, fresh(message).attempts) == ("parked", 8)
    assert fresh(message).last_error == "ConnectionRefusedError: no server"


def test_what_will_never_work_is_parked_at_once() -> None:
    @sender("test.mail")
    def refuse(payload: dict[str, Any]) -> None:
        raise Invalid("not an address")

    message = post("test.mail", {}, AT)
    deliver_due(AT)
    assert (fresh(message).state, fresh(message).attempts, fresh(message).last_error) == ("parked", 1, "not an address")


@pytest.mark.parametrize(("repeatable", "state", "times"), [(False, "parked", 0), (True, "sent", 1)])
def test_a_message_whose_worker_died_is_sent_again_only_if_that_is_harmless(
    repeatable: bool, state: str, times: int
) -> None:
    sent: list[dict[str, Any]] = []
    sender("test.mail", repeatable=repeatable)(sent.append)
    message = post("test.mail", {}, AT)
    OutboxMessage.objects.update(state="sending", attempts=1, next_try_at=AT + timedelta(minutes=5))
    assert deliver_due(AT + timedelta(minutes=4)) == 0
    deliver_due(AT + timedelta(minutes=5))
    assert (fresh(message).state, len(sent)) == (state, times)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_each_message_is_sent_by_one() -> None:
    sent: list[int] = []
    sender("test.mail")(lambda payload: sent.append(payload["n"]))
    for n in range(20):
        post("test.mail", {"n": n}, AT)
    assert at_once(6, lambda: deliver_due(AT)) == []
    assert sorted(sent) == list(range(20))
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}


def test_a_sender_hears_how_each_attempt_ended() -> None:
    heard: list[tuple[dict[str, Any], Attempt]] = []
    answers: list[Exception | None] = [OSError("away"), Later(AT + timedelta(hours=5)), None]

    @sender("test.mail", told=lambda payload, attempt: heard.append((payload, attempt)))
    def send(payload: dict[str, Any]) -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    message = post("test.mail", {"to": "a"}, AT)
    for moment in (AT, AT + timedelta(seconds=30), AT + timedelta(hours=5)):
        deliver_due(moment)
    assert [payload for payload, _attempt in heard] == [{"to": "a"}] * 3
    assert [(each.state, each.attempts, each.next_try_at, each.error) for _payload, each in heard] == [
        ("failed", 1, AT + timedelta(seconds=30), "OSError: away"),
        ("waiting", 1, AT + timedelta(hours=5), ""),
        ("sent", 2, None, ""),
    ]
    assert (fresh(message).state, fresh(message).attempts) == ("sent", 2)


def test_what_was_put_off_counts_no_attempt() -> None:
    @sender("test.mail")
    def never(payload: dict[str, Any]) -> None:
        raise Later(moment + timedelta(minutes=1))

    message = post("test.mail", {}, AT)
    moment = AT
    for _ in range(20):
        assert deliver_due(moment) == 1
        moment += timedelta(minutes=1)
    assert (fresh(message).state, fresh(message).attempts) == ("waiting", 0)


def test_a_person_may_have_it_sent_again() -> None:
    sent: list[dict[str, Any]] = []
    sender("test.mail")(sent.append)
    message = post("test.mail", {"to": "a"}, AT)
    mine = OutboxMessage.objects.filter(pk=message.pk)
    assert send_again(mine, AT) == 0  # it is still on its way
    deliver_due(AT)
    assert send_again(mine, AT + timedelta(hours=1)) == 1
    assert deliver_due(AT) == 0
    deliver_due(AT + timedelta(hours=1))
    assert len(sent) == 2
