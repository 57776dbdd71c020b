"""Addresses of duties."""

from __future__ import annotations

from django.urls import path

from kefu.duties.views import board, calling, day, giving, showing

app_name = "duties"
urlpatterns = [
    path("duties/", board.index, name="list"),
    path("duties/month/", board.month, name="month"),
    path("duties/calls/", calling.call_list, name="calls"),
    path("duties/day/", day.day, name="day"),
    path("duties/day/keep/", day.keep_day, name="keep_day"),
    path("duties/give/", giving.give, name="give"),
    path("duties/handing/<str:department>/", board.handing, name="handing"),
    path("duties/of/<number:number>/", showing.of_case, name="of_case"),
    path("duties/<number:number>/", showing.show, name="show"),
    path("duties/<number:number>/move/", showing.move, name="move"),
    path("duties/<number:number>/reveal/", showing.reveal, name="reveal"),
    path("duties/<number:number>/try/", calling.try_to_reach, name="try"),
    path("duties/<number:number>/take/", showing.take, name="take"),
]
