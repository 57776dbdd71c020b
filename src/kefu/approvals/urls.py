"""Addresses of approvals."""

from __future__ import annotations

from django.urls import path

from kefu.approvals import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.index, name="list"),
    path("approvals/ask/", views.ask, name="ask"),
    path("approvals/<number:number>/", views.show, name="show"),
    path("approvals/<number:number>/paper/", views.paper, name="paper"),
    path("approvals/<number:number>/move/", views.move, name="move"),
    path("approvals/<number:number>/reveal/", views.reveal, name="reveal"),
    path("approvals/<number:number>/files/<slug:file>/", views.file, name="file"),
    path("approvals/<number:number>/signatures/<int:pk>/", views.signature, name="signature"),
]
