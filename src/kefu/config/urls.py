"""The root of all addresses; each capability brings its own `urls.py`, mounted here by one line."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kefu.web.urls")),
    path("", include("kefu.staff.account_urls")),
    path("", include("kefu.staff.urls")),
    path("", include("kefu.live.urls")),
    path("", include("kefu.documents.urls")),
    path("", include("kefu.approvals.urls")),
    path("", include("kefu.customers.urls")),
    path("", include("kefu.cases.urls")),
    path("", include("kefu.duties.urls")),
    path("", include("kefu.home.urls")),
    path("", include("kefu.home.record_urls")),
    path("", include("kefu.portal.urls")),
    path("", include("kefu.api.urls")),
]

handler400 = "kefu.web.pages.bad_request"
handler403 = handler404 = "kefu.web.pages.unknown"
handler500 = "kefu.web.pages.fault"
