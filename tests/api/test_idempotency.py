"""A call that is repeated with its key has one effect and one answer."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from guanxi.platform.once.models import Submission
from guanxi.records.standard import create
from tests.api.conftest import Program
from tests.concurrency.conftest import at_once
from tests.digest import digest
from tests.people import build_world
from tests.room.models import Thing

THING = "room/thing"


def test_the_same_call_again_is_answered_the_same(program, world):
    api = program("li_wei")
    first, again = (api.post(THING, {"name": "Box"}, Idempotency_Key="k1") for _time in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content and first["Location"] == again["Location"] and first["ETag"] == again["ETag"]
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert Thing.objects.count() == 1
    path = f"{THING}/{first.json()['id']}"
    for _time in range(2):
        assert api.patch(path, {"name": "Chest"}, 1, Idempotency_Key="k2").status_code == 200
    for _time in range(2):
        assert api.delete(path, 2, Idempotency_Key="k3").status_code == 204
    assert Thing.objects.get().version == 3


def test_a_key_means_one_thing_for_one_person(program, world):
    api, hers = program("li_wei"), program("wang_fang")
    api.post(THING, {"name": "Box"}, Idempotency_Key="k")
    before = digest()
    for other in (
        api.post(THING, {"name": "Other"}, Idempotency_Key="k"),
        api.post("customers/customer", {"name": "Box"}, Idempotency_Key="k"),
        api.post(THING, {"name": "X"}, Idempotency_Key=""),
        api.post(THING, {"name": "X"}, Idempotency_Key="x" * 151),
        api.post(THING, {"name": "X"}, Idempotency_Key="键"),
    ):
        assert other.status_code == 422, other.content
    assert digest() == before
    assert hers.post(THING, {"name": "Other"}, Idempotency_Key="k").status_code == 201


def test_what_was_refused_may_be_sent_again(program, world):
    api = program("li_wei")
    before = digest()
    assert api.post(THING, {"name": ""}, Idempotency_Key="k").status_code == 422
    assert digest() == before and not Submission.objects.exists()
    assert api.post(THING, {"name": "Box"}, Idempotency_Key="k").status_code == 201


def test_a_crash_between_effect_and_answer_leaves_neither(program, world, monkeypatch):
    api = program("li_wei")
    before = digest()
    with monkeypatch.context() as patched:
        patched.setattr("guanxi.api.replies.Reply.kept", lambda reply: 1 / 0)
        assert api.post(THING, {"name": "Box"}, Idempotency_Key="k").status_code == 500
    assert digest() == before
    assert api.post(THING, {"name": "Box"}, Idempotency_Key="k").status_code == 201
    assert Thing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_has_the_effect(transactional_db):
    """The others get the same answer, or are told that it is under way (409)."""
    world = build_world()
    cache.clear()
    ctx = world.ctx("li_wei")
    create(ctx, "access.accesstoken", name="T", expires_on="2027-01-31", read_only="no")
    secret = ctx.told[0].secret

    def send(number: int) -> tuple[int, bytes]:
        answer = Program(secret).post(THING, {"name": "Box"}, Idempotency_Key="same")
        return answer.status_code, answer.content

    answers = at_once(send, 6)
    made = {content for status, content in answers if status == 201}
    assert len(made) == 1 and Thing.objects.count() == 1
    assert {status for status, _content in answers} <= ({201, 409} if connection.vendor == "postgresql" else {201})


def test_uploads_are_told_apart_by_their_content(program, world):

    api = program("li_wei")

    def send(content: bytes, key: str):
        upload = SimpleUploadedFile("a.txt", content)
        return api.client.post("/api/v1/files", {"file": upload}, headers=api.headers | {"Idempotency-Key": key})

    first, again = send(b"one", "k"), send(b"one", "k")
    assert first.status_code == 201, first.content
    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    assert send(b"two", "k").status_code == 422
