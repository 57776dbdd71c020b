"""The root of all addresses; each capability brings its own `urls.py`, mounted here by one line."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
