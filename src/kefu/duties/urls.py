"""Addresses of duties."""

from __future__ import annotations

from django.urls import path

from kefu.duties import views

app_name = "duties"
urlpatterns = [
    path("duties/of/<number:number>/", views.of_case, name="of_case"),
    path("duties/<number:number>/", views.show, name="show"),
    path("duties/<number:number>/move/", views.move, name="move"),
    path("duties/<number:number>/reveal/", views.reveal, name="reveal"),
    path("duties/<number:number>/take/", views.take, name="take"),
]
