"""What other rooms and floors may use of compliance."""

from guanxi.rooms.compliance.actions import DRAW, FINISH, RECORD_RESULTS
from guanxi.rooms.compliance.counting import rebuild as count_figures

__all__ = ["DRAW", "FINISH", "RECORD_RESULTS", "count_figures"]
