"""Fixtures of the whole suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from guanxi.platform.calendar import clock_at
from guanxi.platform.sealing import vault
from guanxi.records import customising
from tests.people import NOW, World, build_world
from tests.platform.audit.flushing import flush_passes_audit_triggers

__all__ = ["flush_passes_audit_triggers"]


# How long an example takes says something about the machine, not about the program; and examples undo what they do.
settings.register_profile(
    "guanxi", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("guanxi")

# What is tested without a database sees the record types as they are shipped.
customising.stay_as_shipped()


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The company with its people, at 10:24 on 21 November 2026."""
    customising.forget()
    vault.forget()
    with clock_at(NOW):
        yield build_world()
    customising.stay_as_shipped()
