"""A sheet of documents: its template, and what it would bring in, looked at first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from kefu.core.errors import Refused
from kefu.core.sheets import template
from kefu.documents.asking import language
from kefu.documents.importing import IMPORT, columns_of, listing_of
from kefu.documents.views.new import form_of
from kefu.staff.asking import person_of
from kefu.staff.importing import SheetForm, download, kept
from kefu.staff.long_work import begin
from kefu.web.forms import refusing, shown
from kefu.web.instant import instant_of
from kefu.web.pages import unknown


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest, department: int, kind: str) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    try:
        here, _rulebook, rule = form_of(person, department, kind, at)
    except Refused as refused:
        return unknown(request, refused)
    listing, form = listing_of(rule, here), SheetForm(request, [])
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            sheet = kept(form.cleaned_data["file"], listing)
            arguments = {"department": here.pk, "kind": rule.name, "sheet": sheet, "dry": True}
            return redirect("long_work:show", begin(IMPORT, arguments, by=person, at=at).pk)
    return shown(
        request, "documents/import.html", form, {"listing": listing, "kind": rule, "department": here}
    )


@require_safe
@login_required
def template_sheet(request: HttpRequest, department: int, kind: str) -> HttpResponse:
    try:
        _here, _rulebook, rule = form_of(person_of(request), department, kind, instant_of(request))
    except Refused as refused:
        return unknown(request, refused)
    lang = language()
    return download(template(columns_of(rule), lang), f"{rule.title.text(lang)}.xlsx")
