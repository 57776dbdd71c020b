"""What hangs on the form of any work: files of its fields, and signatures as they were drawn."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from django.http import Http404, HttpResponse

from kefu.core.files.models import PICTURES, StoredFile
from kefu.core.files.queries import content
from kefu.core.rulebook.model import Ref
from kefu.core.work.models import Work
from kefu.documents import filling
from kefu.documents.signing import signatures_of


def files_of(work: Work, names: Iterable[str]) -> dict[str, list[StoredFile]]:
    """The files in the fields `names`, by field; one query."""
    values = work.values
    refs = {name: [one for one in _several(values.get(name)) if one.kind == "file"] for name in names}
    files = StoredFile.objects.in_bulk([one.id for several in refs.values() for one in several])
    return {name: [files[one.id] for one in several if one.id in files] for name, several in refs.items()}


def file_of(work: Work, pk: str) -> HttpResponse:
    """A file of a field of `work`. Raises Http404 for any other file."""
    held = Ref("file", pk) in filling.names_of(work.values.values())
    return _answer(StoredFile.objects.filter(pk=pk).first() if held else None)


def signature_of(work: Work, pk: int) -> HttpResponse:
    """A signature that was drawn on `work`, by its id. Raises Http404 for any other."""
    found = next((one for one in signatures_of(work) if one.pk == pk), None)
    return _answer(found.picture if found else None)


def _several(value: object) -> list[Ref]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Ref)]


def _answer(found: StoredFile | None) -> HttpResponse:
    """A picture is shown, anything else kept."""
    if found is None:
        raise Http404
    shown = found.media_type in PICTURES
    kind = found.media_type if shown else "application/octet-stream"
    response = HttpResponse(content(found), content_type=kind)
    kept = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{kept}; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
