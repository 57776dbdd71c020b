"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from kefu.cases.views import (
    alike,
    beside,
    bulk,
    exporting,
    listing,
    of_customer,
    printing,
    registering,
    saving,
    showing,
    verbs,
)

app_name = "cases"
urlpatterns = [
    path("cases/", listing.show, name="list"),
    path("cases/export/", exporting.export, name="export"),
    path("cases/next/", saving.take_next, name="next"),
    path("cases/views/", saving.views, name="views"),
    path("cases/capacities/", saving.capacities, name="capacities"),
    path("cases/capacities/<int:pk>/", saving.set_capacity, name="set_capacity"),
    path("cases/alike/", alike.show, name="alike"),
    path("cases/bulk/", bulk.choose, name="bulk_choose"),
    path("cases/bulk/<int:pk>/", bulk.show, name="bulk"),
    path("cases/bulk/<int:pk>/start/", bulk.start, name="bulk_start"),
    path("cases/register/", registering.register, name="register"),
    path("cases/register/customers/", registering.find_customers, name="find_customers"),
    path("cases/of-customer/<number:number>/", of_customer.show, name="of_customer"),
    path("cases/<number:number>/", verbs.show, name="show"),
    path("cases/<number:number>/seen/", verbs.seen, name="seen"),
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
    path("cases/<number:number>/beside/", beside.show, name="beside"),
    path("cases/<number:number>/give-out/", beside.give_out, name="give_out"),
    path("cases/<number:number>/merge/", beside.merge, name="merge"),
    path("cases/<number:number>/again/", beside.raise_again, name="again"),
    path("cases/<number:number>/split/", beside.split, name="split"),
    path("cases/<number:number>/watch/", beside.watch, name="watch"),
    path("cases/<number:number>/pin/", beside.pin, name="pin"),
    path("cases/<number:number>/remind/", beside.remind, name="remind"),
    path("cases/<number:number>/forget/", beside.forget, name="forget"),
    path("cases/<number:number>/nudge/", beside.nudge, name="nudge"),
    path("cases/<number:number>/supervise/", beside.supervise, name="supervise"),
    path("cases/<number:number>/answer/", beside.answer, name="answer"),
    path("cases/<number:number>/files/<number:file>/", showing.download, name="download"),
    path("cases/<number:number>/print/<str:sheet>/", printing.show, name="print"),
]
