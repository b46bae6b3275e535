"""What Django draws anew at each step of a migration, it draws once here.

A step changes the state of the models and the classes drawn from it. For a new table, a new index or a new constraint
Django draws every class anew that is related to the table's, over any number of steps: in a company everything is
related to people, so each of two hundred steps draws the whole house. None of those classes has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def drawn_once() -> Iterator[None]:
    """Inside, states are changed without drawing anew what stays as it is; afterwards Django's own way holds again."""
    ours = {"add_model": _add_model, "_append_option": _append_option}
    theirs = {name: getattr(ProjectState, name) for name in ours}
    _put(ours)
    try:
        yield
    finally:
        _put(theirs)


def _put(methods: Mapping[str, Any]) -> None:
    for name, method in methods.items():
        setattr(ProjectState, name, method)


def _add_model(self: Any, model_state: ModelState) -> None:
    """The class of a new table is drawn beside the others, which learn of it by its own links to them."""
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if _is_drawn(self):
        self.apps.render_multiple([model_state])


def _append_option(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """An index or a constraint is written into the class that there is."""
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]
    if _is_drawn(self):
        meta = self.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), obj.clone()])


def _is_drawn(state: Any) -> bool:
    # Asking for the attribute would draw them all.
    return "apps" in state.__dict__
