"""Addresses of duties."""

from __future__ import annotations

from django.urls import path

from kefu.duties import views

app_name = "duties"
urlpatterns = [
    path("duties/of/<str:number>/", views.of_case, name="of_case"),
    path("duties/<str:number>/", views.show, name="show"),
    path("duties/<str:number>/move/", views.move, name="move"),
    path("duties/<str:number>/take/", views.take, name="take"),
]
