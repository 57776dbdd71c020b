"""Addresses of the furniture."""

from __future__ import annotations

from django.urls import path

from kefu.web import components, pages

app_name = "web"
urlpatterns = [
    path("components/", components.show, name="components"),
    path("theme/", pages.choose_theme, name="theme"),
]
