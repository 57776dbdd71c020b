"""Addresses of the customer's side."""

from __future__ import annotations

from django.urls import path

from kefu.portal.views import embedding, entering, requests, submitting

app_name = "portal"
urlpatterns = [
    path("portal/", submitting.home, name="home"),
    path("portal/new/<str:department>/<str:kind>/", submitting.new, name="new"),
    path("portal/done/<str:link>/", submitting.done, name="done"),
    path("portal/find/", entering.look_up, name="look_up"),
    path("portal/open/<str:link>/", entering.open_link, name="open"),
    path("portal/sign-in/", entering.sign_in, name="sign_in"),
    path("portal/code/", entering.enter_code, name="enter_code"),
    path("portal/sign-out/", entering.sign_out, name="sign_out"),
    path("portal/requests/", requests.requests, name="requests"),
    path("portal/requests/<str:number>/", requests.show, name="request"),
    path("portal/requests/<str:number>/news/", requests.news, name="news"),
    path("portal/requests/<str:number>/reply/", requests.reply, name="reply"),
    path("portal/requests/<str:number>/move/", requests.move, name="move"),
    path("portal/requests/<str:number>/urge/", requests.send_urge, name="urge"),
    path("portal/requests/<str:number>/rating/", requests.send_rating, name="rate"),
    path("portal/requests/<str:number>/files/<str:file>/", requests.download, name="download"),
    path("portal/embed.js", embedding.script, name="embed_script"),
    path("portal/embed/done/<str:link>/", embedding.embed_done, name="embed_done"),
    path("portal/embed/<str:kind>/", embedding.embed, name="embed"),
]
