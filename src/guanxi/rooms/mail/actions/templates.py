"""Templates: one's own, and those for everybody (CRM-52)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.rooms.mail.models import Template


def _perform_give(ctx: Context, template: Template, values: dict[str, Any]) -> None:
    template.is_default = True


def _perform_take_back(ctx: Context, template: Template, values: dict[str, Any]) -> None:
    template.is_default = False


GIVE_TO_ALL = Action(
    name="give_to_all", label=_("For everybody"), icon="users", bulk=True,
    fits=lambda template: not template.is_default, perform=_perform_give,
)  # fmt: skip
TAKE_BACK_TEMPLATE = Action(
    name="take_back_template", label=_("No longer for everybody"), icon="user",
    fits=lambda template: template.is_default, perform=_perform_take_back,
)  # fmt: skip
