"""The record types of this room, and what it asks to be approved."""

from guanxi.records.approvals.shipping import ShippedRule, ship
from guanxi.records.registry import register
from guanxi.rooms.dossiers.module.credit import CREDIT_FILE, DEBT_ENTRY, GRIEVANCE
from guanxi.rooms.dossiers.module.filing import DOCUMENT, VOLUME
from guanxi.rooms.dossiers.module.originals import LOAN, ORIGINAL
from guanxi.rooms.dossiers.module.signing import SIGNING_LINK
from guanxi.rooms.dossiers.module.upkeep import DAILY_PAPER, REQUIRED_PAPER, REVIEW, ROUND

register(
    DOCUMENT, VOLUME, ORIGINAL, LOAN, CREDIT_FILE, DEBT_ENTRY, GRIEVANCE, REQUIRED_PAPER, DAILY_PAPER, ROUND, REVIEW,
    SIGNING_LINK,
)  # fmt: skip

_FILED = {"field": "state", "op": "in", "value": ["filed"]}
ship(
    ShippedRule("已归档资料的修改须经销售部经理同意", DOCUMENT.key, "edit", "approval.sales_manager", "ARC-24", _FILED),
    ShippedRule(
        "已归档资料的删除须经销售部经理同意", DOCUMENT.key, "delete", "approval.sales_manager", "ARC-25", _FILED
    ),
)
