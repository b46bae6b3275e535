"""The verbs of this room, and the jobs they start."""

from guanxi.rooms.reports.actions.installing import install_reports
from guanxi.rooms.reports.actions.reports import (
    DELETE_FOLDER,
    SHARE_REPORT,
    keep_definition,
    plan_next,
    settle_shares,
)

__all__ = ["DELETE_FOLDER", "SHARE_REPORT", "install_reports", "keep_definition", "plan_next", "settle_shares"]
