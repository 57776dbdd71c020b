"""Addresses of the pages that mix capabilities."""

from __future__ import annotations

from django.urls import path

from kefu.home import board_pages, day_pages, search_pages, wall_pages

app_name = "home"
urlpatterns = [
    path("", day_pages.my_day, name="my_day"),
    path("search/", search_pages.search, name="search"),
    path("escalations/<str:escalation>/acknowledge/", day_pages.acknowledge, name="acknowledge"),
    path("notices/", day_pages.notices, name="notices"),
    path("notices/read/", day_pages.read_notices, name="read_notices"),
    path("team/", board_pages.board, name="board"),
    path("team/assign/", board_pages.assign, name="board_assign"),
    path("team/nudge/", board_pages.nudge, name="board_nudge"),
    path("team/supervise/", board_pages.supervise, name="board_supervise"),
    path("walls/", wall_pages.walls, name="walls"),
    path("walls/<int:pk>/revoke/", wall_pages.revoke, name="revoke_wall"),
    path("wall/<str:key>/", wall_pages.wall, name="wall"),
]
