"""Addresses of what is live."""

from __future__ import annotations

from django.urls import path

from kefu.live import views

app_name = "live"
urlpatterns = [
    path("events/", views.no_stream, name="events"),
    path("live/", views.poll, name="poll"),
    path("live/writing/", views.writing, name="writing"),
]
