"""Addresses of the records: rulebook reader, ledger, long work, state of the system, and what a monitor asks."""

from __future__ import annotations

from django.urls import include, path

from kefu.home import ledger_pages, long_work_pages, rulebook_pages, system_pages

rulebook = [
    path("", rulebook_pages.own, name="own"),
    path("<slug:name>/posts/", rulebook_pages.posts, name="posts"),
    path("<slug:name>/kinds/", rulebook_pages.kinds, name="kinds"),
    path("<slug:name>/kinds/<slug:kind>/", rulebook_pages.kind, name="kind"),
    path("<slug:name>/clauses/", rulebook_pages.clauses, name="clauses"),
    path("<slug:name>/versions/", rulebook_pages.versions, name="versions"),
    path("<slug:name>/versions/<int:pk>/", rulebook_pages.changes, name="changes"),
]
ledger = [path("", ledger_pages.show, name="show")]
long_work = [
    path("", long_work_pages.listing, name="list"),
    path("<int:pk>/", long_work_pages.show, name="show"),
    path("<int:pk>/cancel/", long_work_pages.cancel, name="cancel"),
    path("<int:pk>/go-on/", long_work_pages.go_on, name="go_on"),
    path("<int:pk>/file/", long_work_pages.file, name="file"),
]
system = [
    path("", system_pages.state, name="state"),
    path("days-off/", system_pages.take_notice, name="take_notice"),
    path("stuck/<int:pk>/retry/", system_pages.retry, name="retry"),
]
urlpatterns = [
    path("healthz", system_pages.healthz, name="healthz"),  # the name monitors know, without a slash
    path("rulebook/", include((rulebook, "rulebook"))),
    path("ledger/", include((ledger, "ledger"))),
    path("long-work/", include((long_work, "long_work"))),
    path("system/", include((system, "system"))),
]
