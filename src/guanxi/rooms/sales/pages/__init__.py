"""The pages of this room: the board of opportunities; how contracts and opportunities are drawn."""

from django.urls import path

from guanxi.rooms.sales.pages import board, contracts, opportunities

__all__ = ["contracts", "opportunities", "urlpatterns"]

app_name = "sales"
urlpatterns = [
    path("sales/board/", board.show, name="board"),
    path("sales/board/move/", board.move, name="move"),
]
