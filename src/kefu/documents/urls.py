"""Addresses of documents, of registers, and of forms in the making."""

from __future__ import annotations

from django.urls import include, path

from kefu.documents import draft_views
from kefu.documents.views import choosing, imports, keeping, new, registers, showing

drafts_and_documents = [
    path("drafts/", draft_views.save, name="save_draft"),
    path("documents/", choosing.listing, name="list"),
    path("documents/papers/", showing.papers, name="papers"),
    path("documents/papers/<slug:noun>/<number:number>/", showing.paper_of, name="paper_of"),
    path("documents/past/", keeping.past, name="past"),
    path("documents/new/<int:department>/<slug:kind>/", new.new, name="new"),
    path("documents/new/<int:department>/<slug:kind>/<slug:noun>/<int:pk>/", new.new, name="new_for"),
    path("documents/empty/<int:department>/<slug:kind>/", new.empty, name="empty"),
    path("documents/import/<int:department>/<slug:kind>/", imports.upload, name="import"),
    path("documents/import/<int:department>/<slug:kind>/template/", imports.template_sheet, name="template"),
    path("documents/<number:number>/", showing.show, name="show"),
    path("documents/<number:number>/write/", showing.write, name="write"),
    path("documents/<number:number>/move/", showing.move, name="move"),
    path("documents/<number:number>/discard/", showing.discard, name="discard"),
    path("documents/<number:number>/reveal/", showing.reveal, name="reveal"),
    path("documents/<number:number>/correct/", showing.correct, name="correct"),
    path("documents/<number:number>/paper/", showing.paper, name="paper"),
    path("documents/<number:number>/signatures/<int:pk>/", showing.signature, name="signature"),
    path("documents/<number:number>/files/<slug:file>/", showing.file, name="file"),
]
register_pages = [
    path("", registers.listing, name="list"),
    path("<slug:pack>/<slug:name>/", registers.show, name="show"),
    path("<slug:pack>/<slug:name>/paper/", registers.paper, name="paper"),
    path("<slug:pack>/<slug:name>/export/", registers.export, name="export"),
]
urlpatterns = [
    path("", include((drafts_and_documents, "documents"))),
    path("registers/", include((register_pages, "registers"))),
]
