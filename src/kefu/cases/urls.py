"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from kefu.cases.views import listing, printing, registering, showing, verbs

app_name = "cases"
urlpatterns = [
    path("cases/", listing.show, name="list"),
    path("cases/register/", registering.register, name="register"),
    path("cases/register/customers/", registering.find_customers, name="find_customers"),
    path("cases/<str:number>/", showing.show, name="show"),
    path("cases/<str:number>/move/", verbs.move, name="move"),
    path("cases/<str:number>/message/", verbs.add_message, name="add_message"),
    path("cases/<str:number>/fill/", verbs.fill, name="fill"),
    path("cases/<str:number>/take/", verbs.take, name="take"),
    path("cases/<str:number>/assign/", verbs.assign, name="assign"),
    path("cases/<str:number>/void/", verbs.void, name="void"),
    path("cases/<str:number>/link/", verbs.link, name="link"),
    path("cases/<str:number>/files/<str:file>/", showing.download, name="download"),
    path("cases/<str:number>/print/<str:sheet>/", printing.show, name="print"),
]
