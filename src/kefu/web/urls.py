"""Addresses of the furniture."""

from __future__ import annotations

from django.urls import path

from kefu.web import importing, pages

app_name = "web"
urlpatterns = [
    path("theme/", pages.choose_theme, name="theme"),
    path("refused-rows/<str:key>/", importing.refused_sheet, name="refused_sheet"),
]
