"""What other rooms and floors may use of compliance."""

from guanxi.rooms.compliance.counting import rebuild as count_figures

__all__ = ["count_figures"]
