"""The records in the rail, each for those who may open it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kefu.home import records
from kefu.staff.asking import person_of
from kefu.web.instant import instant_of
from kefu.web.navigation import Entry, offer, signed_in


def _reads_ledger(request: HttpRequest) -> bool:
    return signed_in(request) and records.reads_ledger(person_of(request))


def _runs_system(request: HttpRequest) -> bool:
    return signed_in(request) and records.runs_system(person_of(request), instant_of(request))


def offer_entries() -> None:
    offer(
        Entry("rulebook:own", _("Rulebook"), "rail", "book-open", 70),
        Entry("ledger:show", _("Ledger"), "rail", "history", 80, shown=_reads_ledger),
        Entry("long_work:list", _("Imports and exports"), "person", "layers", 30),
        Entry("system:state", _("System"), "rail", "settings", 90, shown=_runs_system),
    )
