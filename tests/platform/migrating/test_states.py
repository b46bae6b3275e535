"""States that are drawn once end in the same classes as Django's own, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import get_commands
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from guanxi.platform.migrating.states import drawn_once


def _link(to: str, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(to, models.CASCADE, **options)


def _table(called: str, **fields: models.Field) -> migrations.CreateModel:
    return migrations.CreateModel(called, [("id", models.AutoField(primary_key=True)), *fields.items()])


STEPS = [
    _table("House", name=models.CharField(max_length=9)),
    _table("Room", house=_link("tried.House")),
    _table("Chair", room=_link("tried.Room"), by=_link("self", null=True)),
    migrations.AddIndex("House", models.Index(fields=["name"], name="tried_house_name")),
    migrations.AddConstraint("Room", models.CheckConstraint(condition=models.Q(id__gt=0), name="tried_room_id")),
    migrations.AddField("Room", "owner", _link("tried.House", null=True, related_name="owned")),
    migrations.AddConstraint("Chair", models.UniqueConstraint(fields=["room", "by"], name="tried_chair_once")),
    migrations.RemoveIndex("House", "tried_house_name"),
    migrations.AlterField("House", "name", models.CharField(max_length=20)),
    migrations.DeleteModel("Chair"),
    _table("Chair", house=_link("tried.House")),
]


def _told(state: ProjectState) -> dict[str, Any]:
    """All that a migration can ask of the classes."""
    return {
        model._meta.label: (
            [(field.name, field.deconstruct()[1:]) for field in model._meta.local_fields],
            sorted((link.name, link.related_model._meta.label) for link in model._meta.related_objects),
            [index.deconstruct() for index in model._meta.indexes],
            [constraint.deconstruct() for constraint in model._meta.constraints],
        )
        for model in state.apps.get_models()
    }


def _walk(way: Any) -> Iterator[dict[str, Any]]:
    with way:
        state = ProjectState()
        assert state.apps is not None
        for step in STEPS:
            before = state.clone()
            step.state_forwards("tried", state)
            yield _told(state)
            assert before.models != state.models


def test_each_step_ends_in_the_classes_that_django_draws() -> None:
    ours, theirs = list(_walk(drawn_once())), list(_walk(nullcontext()))
    assert ours == theirs
    assert ours[-1]["tried.House"][1] == [("chair", "tried.Chair"), ("owned", "tried.Room"), ("room", "tried.Room")]


@pytest.mark.django_db(transaction=True)
def test_the_tables_of_such_steps_can_be_made() -> None:
    made: list[list[str]] = []
    for way in (drawn_once(), nullcontext()):
        with way, connection.schema_editor(collect_sql=True) as editor:
            state = ProjectState()
            assert state.apps is not None
            for step in STEPS[:4]:
                before = state.clone()
                step.state_forwards("tried", state)
                step.database_forwards("tried", editor, before, state)
            made.append(editor.collected_sql)
    assert made[0] == made[1]
    assert any("tried_chair" in statement for statement in made[0])


def test_the_command_is_ours_and_leaves_django_as_it_was() -> None:
    before = ProjectState.add_model
    with pytest.raises(RuntimeError, match="in between"), drawn_once():
        assert ProjectState.add_model is not before
        raise RuntimeError("in between")
    assert ProjectState.add_model is before
    assert get_commands()["migrate"] == "guanxi.platform.migrating"
