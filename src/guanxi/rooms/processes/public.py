"""What others may use of this room."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps

from guanxi.platform.workflow import versions
from guanxi.rooms.processes.actions import APPROVE, PASS_ON, REFUSE, SET_CONDITION, WITHDRAW

__all__ = ["APPROVE", "PASS_ON", "REFUSE", "SET_CONDITION", "WITHDRAW", "install_processes"]


def install_processes(at: datetime) -> int:
    """Bring the processes that all rooms ship up to date; returns how many were put to use."""
    rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("guanxi.rooms.")]
    return versions.install(rooms, at)
