"""What is owed around customers' archives, by which day."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import Duty
from guanxi.rooms.customers.policies import FILING_DAYS

FILE_FACT: Final = Duty("customers.file_fact", label=_("file a contribution"), clause="ARC-35", days=FILING_DAYS)
