"""Addresses of signing in and of one's own account."""

from __future__ import annotations

from django.urls import path

from kefu.staff import account_views as views

app_name = "account"
urlpatterns = [
    path("start/", views.found, name="found"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("link/<str:key>/", views.use_link, name="use_link"),
    path("account/", views.show, name="show"),
    path("account/language/", views.choose_language, name="choose_language"),
    path("account/away/", views.say_away, name="say_away"),
    path("account/back/", views.say_back, name="say_back"),
    path("account/password/", views.change_password, name="change_password"),
    path("account/second-factor/", views.second_factor, name="second_factor"),
    path("account/second-factor/on/", views.enable_totp, name="enable_totp"),
    path("account/second-factor/off/", views.disable_totp, name="disable_totp"),
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("account/keys/", views.tokens, name="tokens"),
    path("account/keys/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
