"""The pages of this room: the board of opportunities, targets and achievement; how the records are drawn."""

from django.urls import path

from guanxi.rooms.sales.pages import board, contracts, converting, leads, opportunities, plans

__all__ = ["contracts", "leads", "opportunities", "plans", "urlpatterns"]

app_name = "sales"
urlpatterns = [
    path("sales/lead/<uuid:pk>/convert/", converting.convert, name="convert"),
    path("sales/board/", board.show, name="board"),
    path("sales/board/move/", board.move, name="move"),
    path("sales/targets/", plans.show, name="targets"),
    path("sales/targets/export/", plans.export, name="targets_export"),
    path("sales/targets/person/", plans.person, name="person"),
]
