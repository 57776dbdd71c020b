"""Addresses of forms in the making."""

from __future__ import annotations

from django.urls import path

from kefu.documents import draft_views

app_name = "documents"
urlpatterns = [path("drafts/", draft_views.save, name="save_draft")]
