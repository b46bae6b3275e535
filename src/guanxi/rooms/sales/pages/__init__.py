"""The pages of this room: the board of opportunities, targets and achievement; how the records are drawn."""

from django.urls import path

from guanxi.rooms.sales.pages import board, contracts, converting, leads, opportunities, papers, plans, reports

__all__ = ["contracts", "leads", "opportunities", "plans", "reports", "urlpatterns"]

app_name = "sales"
urlpatterns = [
    path("sales/lead/<uuid:pk>/convert/", converting.convert, name="convert"),
    path("sales/board/", board.show, name="board"),
    path("sales/quote/<uuid:pk>/paper/", papers.quote_paper, name="quote_paper"),
    path("sales/salesorder/<uuid:pk>/paper/", papers.order_paper, name="order_paper"),
    path("sales/board/move/", board.move, name="move"),
    path("sales/targets/", plans.show, name="targets"),
    path("sales/targets/export/", plans.export, name="targets_export"),
    path("sales/targets/person/", plans.person, name="person"),
    path("sales/report/", reports.show, name="report"),
    path("sales/report/export/", reports.export, name="report_export"),
]
