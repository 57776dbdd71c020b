"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from kefu.cases.views import exporting, listing, of_customer, printing, registering, showing, verbs

app_name = "cases"
urlpatterns = [
    path("cases/", listing.show, name="list"),
    path("cases/export/", exporting.export, name="export"),
    path("cases/register/", registering.register, name="register"),
    path("cases/register/customers/", registering.find_customers, name="find_customers"),
    path("cases/of-customer/<number:number>/", of_customer.show, name="of_customer"),
    path("cases/<number:number>/", verbs.show, name="show"),
    path("cases/<number:number>/move/", verbs.move, name="move"),
    path("cases/<number:number>/grade/", verbs.grade, name="grade"),
    path("cases/<number:number>/message/", verbs.add_message, name="add_message"),
    path("cases/<number:number>/take-back/", verbs.take_back, name="take_back"),
    path("cases/<number:number>/fill/", verbs.fill, name="fill"),
    path("cases/<number:number>/reveal/", verbs.reveal, name="reveal"),
    path("cases/<number:number>/customer/", verbs.name_customer, name="name_customer"),
    path("cases/<number:number>/take/", verbs.take, name="take"),
    path("cases/<number:number>/assign/", verbs.assign, name="assign"),
    path("cases/<number:number>/void/", verbs.void, name="void"),
    path("cases/<number:number>/link/", verbs.link, name="link"),
    path("cases/<number:number>/files/<number:file>/", showing.download, name="download"),
    path("cases/<number:number>/print/<str:sheet>/", printing.show, name="print"),
]
