"""What the browser gets of a print: a PDF it opens beside the page, or keeps."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.http import HttpResponse

from kefu.documents.papers import Paper
from kefu.documents.printing import MEDIA_TYPE, pdf


def printed(papers: Sequence[Paper], name: str) -> HttpResponse:
    """The papers as one PDF called `name`, shown by the browser's own reader."""
    response = HttpResponse(pdf(papers), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    # the browser's own reader is an embedded object with styles of its own; the page's policy would leave it empty
    response["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response
