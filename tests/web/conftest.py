"""A browser of one person, and things to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.platform.access.models import Role, RoleRight, Scope
from guanxi.records.standard import create
from tests.people import World
from tests.room.models import Thing

BACKEND = "guanxi.platform.people.signed_in.SignedIn"


@pytest.fixture
def browser(world: World) -> Callable[[str], Client]:
    """`browser("li_wei")`: a client logged in as that person, speaking English unless told otherwise."""

    def logged_in(username: str, language: str = "en") -> Client:
        person = world[username]
        person.language = language
        person.save(update_fields=["language"])
        person.refresh_from_db()
        client = Client()
        client.force_login(person, backend=BACKEND)
        return client

    return logged_in


@pytest.fixture
def boss(world: World) -> None:
    """The general manager may do everything with things: their own actions are in no shipped role."""
    role = Role.objects.get(code="general_manager")
    RoleRight.objects.create(role=role, module="room.thing", action="*", scope=Scope.ALL)


@pytest.fixture
def make_thing(world: World) -> Callable[..., Thing]:
    """A thing, by default one of Li Wei's."""

    def make(name: str = "Box", owner: str = "li_wei", **values: Any) -> Thing:
        return create(world.system, "room.thing", confirmed=True, name=name, owner=world[owner], **values)

    return make


def text_of(answer: Any) -> str:
    return answer.content.decode()
