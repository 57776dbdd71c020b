"""What follows from filing a paper may need somebody's consent: who opens it says so, and refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kefu.documents.models import Document
from kefu.staff.models import Person

Consent = Callable[[Document, str, Person, datetime], None]
_asked: list[Consent] = []


def consent_asked_by(consent: Consent) -> Consent:
    """Register fn(document as the move left it, name of the move, by, at), which raises Refused."""
    _asked.append(consent)
    return consent


def require_consent(document: Document, move: str, *, by: Person, at: datetime) -> None:
    for consent in _asked:
        consent(document, move, by, at)
