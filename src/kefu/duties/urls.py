"""Addresses of duties."""

from __future__ import annotations

from django.urls import path

from kefu.duties import board_views, views

app_name = "duties"
urlpatterns = [
    path("duties/", board_views.index, name="list"),
    path("duties/month/", board_views.month, name="month"),
    path("duties/calls/", board_views.call_list, name="calls"),
    path("duties/day/", board_views.day, name="day"),
    path("duties/day/keep/", board_views.keep_day, name="keep_day"),
    path("duties/give/", board_views.give, name="give"),
    path("duties/handing/<str:department>/", board_views.handing, name="handing"),
    path("duties/of/<number:number>/", views.of_case, name="of_case"),
    path("duties/<number:number>/", views.show, name="show"),
    path("duties/<number:number>/move/", views.move, name="move"),
    path("duties/<number:number>/reveal/", views.reveal, name="reveal"),
    path("duties/<number:number>/try/", board_views.try_to_reach, name="try"),
    path("duties/<number:number>/take/", views.take, name="take"),
]
