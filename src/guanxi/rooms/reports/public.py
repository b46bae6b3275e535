"""The door of this room: what is installed with the program."""

from guanxi.rooms.reports.actions import install_reports

__all__ = ["install_reports"]
