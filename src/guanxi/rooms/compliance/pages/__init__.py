"""The pages of the room: the register of clauses and each clause, the board with what stands behind it, duties."""

from __future__ import annotations

from django.urls import path

from guanxi.rooms.compliance.pages import board, duties, inspections, register, report

__all__ = ["duties"]

app_name = "compliance"
urlpatterns = [
    path("regulation/clauses/", register.show, name="register"),
    path("regulation/clauses/<str:clause>/", register.clause, name="clause"),
    path("regulation/board/", board.show, name="board"),
    path("regulation/report/", report.report, name="report"),
    path("regulation/inspections/<uuid:pk>/sheet/", inspections.sheet, name="sheet"),
    path("regulation/evidence/", board.behind, name="evidence"),
]
