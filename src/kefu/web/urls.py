"""Addresses of the furniture."""

from __future__ import annotations

from django.urls import path

from kefu.web import pages

app_name = "web"
urlpatterns = [
    path("theme/", pages.choose_theme, name="theme"),
]
