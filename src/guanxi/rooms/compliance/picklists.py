"""The kinds of duty that the rooms have declared."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import declared
from guanxi.records.picklists import declare

KINDS: Final = declare(
    "compliance.duties", _("kinds of duty"), lambda: ((duty.name, duty.label) for duty in declared())
)
