"""Events: listeners hear after the commit, witnesses within the transaction."""

from __future__ import annotations

import pytest

from guanxi.kernel.errors import Refused
from guanxi.records import events
from guanxi.records.events import RecordsWritten
from guanxi.records.standard import create
from tests.digest import digest
from tests.people import World


@pytest.fixture(autouse=True)
def own_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_listeners", {})
    monkeypatch.setattr(events, "_witnesses", {})


@pytest.mark.django_db(transaction=True)
def test_a_witness_hears_before_a_listener_and_of_nothing_that_was_refused(world: World) -> None:
    heard: list[tuple[str, str]] = []
    events.witness(RecordsWritten, lambda event: heard.append(("witness", event.action)))
    events.subscribe(RecordsWritten, lambda event: heard.append(("listener", event.action)))
    create(world.ctx("li_wei"), "room.thing", name="Bottle")
    assert heard == [("witness", "create"), ("listener", "create")]
    with pytest.raises(Refused):
        create(world.ctx("li_wei"), "room.thing", name="Crate", pieces="5000")
    assert len(heard) == 2


def test_what_a_witness_cannot_keep_undoes_the_action(world: World) -> None:
    def fail(event: RecordsWritten) -> None:
        raise RuntimeError("the disk is full")

    events.witness(RecordsWritten, fail)
    before = digest(audit=True)
    with pytest.raises(RuntimeError):
        create(world.ctx("li_wei"), "room.thing", name="Bottle")
    assert digest(audit=True) == before
