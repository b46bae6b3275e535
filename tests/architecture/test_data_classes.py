"""Every column of every table of ours has a class, and the page of the classes follows the code."""

import dataclasses

import pytest
from django.apps import apps

from guanxi.kernel.confidentiality import DataClass
from guanxi.records import registry
from guanxi.records.registry import Registered, class_of_column
from tools import data_classes

OURS = ("guanxi.", "tests.room")


def test_every_column_of_every_table_has_a_class():
    bare = [
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for column in model._meta.concrete_fields
        if not isinstance(class_of_column(model, column.name), DataClass)
    ]
    assert bare == []


def test_a_record_type_without_a_class_cannot_be_described():
    known = registry.module("room.thing")
    given = {field.name: getattr(known, field.name) for field in dataclasses.fields(known)}
    del given["data_class"]
    with pytest.raises(TypeError, match="data_class"):
        type(known)(**given)


def test_a_table_without_a_class_is_found():
    unsaid = type("Unsaid", (), {"_meta": type("Meta", (), {"label_lower": "no.such"})})
    assert class_of_column(unsaid, "name") is None


def test_how_to_reach_a_person_is_never_classed_by_default():
    known = registry.module("room.thing")
    careless = dataclasses.replace(known, classes={}, personal=())
    assert [problem.split("“")[1].split("”")[0] for problem in registry._check_classes(Registered(careless))] == [
        "phone",
        "email",
        "address",
    ]


def test_what_is_personal_is_confidential():
    known = registry.module("room.thing")
    wrong = dataclasses.replace(known, classes={**known.classes, "phone": DataClass.C1})
    assert len(registry._check_classes(Registered(wrong))) == 1


def test_the_columns_know_their_class():
    thing = registry.entry("room.thing")
    assert thing.field("notes").data_class is DataClass.C2
    assert thing.field("changed_at").data_class is DataClass.C1
    assert thing.field("phone").personal
    assert not thing.field("notes").personal


def test_the_page_of_classes_follows_the_code():
    assert data_classes.TARGET.read_text(encoding="utf-8") == data_classes.page(), "run `make regulation`"
