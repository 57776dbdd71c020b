"""Addresses of the archive of customers."""

from __future__ import annotations

from django.urls import path

from kefu.customers.views import allotting, dealing, imports, listing, showing

app_name = "customers"
urlpatterns = [
    path("customers/", listing.show, name="list"),
    path("customers/add/", listing.add, name="add"),
    path("customers/import/", imports.upload, name="import"),
    path("customers/import/template/", imports.template, name="import_template"),
    path("customers/rooms/import/", imports.upload_rooms, name="import_rooms"),
    path("customers/rooms/import/template/", imports.template_of_rooms, name="rooms_template"),
    path("customers/assets/import/", imports.upload_assets, name="import_assets"),
    path("customers/assets/import/template/", imports.template_of_assets, name="assets_template"),
    path("customers/allocate/", allotting.show, name="allocate"),
    path("customers/<str:number>/", showing.show, name="show"),
    path("customers/<str:number>/dealings/", dealing.show, name="dealings"),
    path("customers/<str:number>/end/", showing.end, name="end"),
    path("customers/<str:number>/change/", showing.change, name="change"),
    path("customers/<str:number>/merge/", showing.merge, name="merge"),
    path("customers/<str:number>/reveal/", showing.reveal, name="reveal"),
    path("customers/<str:number>/contacts/", showing.add_contact, name="add_contact"),
    path("customers/<str:number>/contacts/<int:pk>/remove/", showing.remove_contact, name="remove_contact"),
    path("customers/<str:number>/assets/", showing.add_asset, name="add_asset"),
    path("customers/<str:number>/assets/<int:pk>/retire/", showing.retire_asset, name="retire_asset"),
    path("customers/<str:number>/places/", showing.move_in, name="move_in"),
    path("customers/<str:number>/places/<int:pk>/end/", showing.move_out, name="move_out"),
]
