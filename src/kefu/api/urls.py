"""The API's addresses, all made by ninja."""

from __future__ import annotations

from django.urls import path

from kefu.api.mount import api

urlpatterns = [path("api/v1/", api.urls)]
