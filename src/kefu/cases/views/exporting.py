"""The cases of a list as a sheet."""

from __future__ import annotations

from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kefu.cases.exporting import FORMATS, Exported, export_cases
from kefu.cases.lists import Wanted, kinds_in_force, wanted
from kefu.core.errors import Refused
from kefu.core.sheets import waiting
from kefu.staff.asking import person_of
from kefu.staff.long_work import Result, Task, begin, long_work
from kefu.staff.queries import organisation
from kefu.web.instant import instant_of

FILTERS = ("list", "kind", "state", "owner", "grade", "q")


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Begin to write the cases of one list. Raises Refused list.*, export.form."""
    person, at = person_of(request), instant_of(request)
    asked = {name: request.POST[name] for name in FILTERS if request.POST.get(name)}
    form = request.POST.get("form", "")
    if form not in FORMATS:
        raise Refused(
            "export.form",
            zh=f"不能导出为「{form[:20]}」；可用：{'、'.join(FORMATS)}。",
            en=f"There is no export as “{form[:20]}”; allowed: {', '.join(FORMATS)}.",
        )
    wanted(person, at, asked, kinds_in_force(at))  # refused here, not in a while
    begun = begin("cases.export", {"asked": asked, "form": form}, by=person, at=at)
    return redirect("long_work:show", begun.pk)


def _act(task: Task) -> Result:
    """What the person may see at the instant of the export, not at that of the wish."""
    asked = wanted(task.by, task.at, task.arguments["asked"], kinds_in_force(task.at))
    form = task.arguments["form"]
    here = organisation()
    zone = here.zone if here else settings.TIME_ZONE
    done = Exported()

    def make(made: BinaryIO) -> None:
        nonlocal done
        done = export_cases(
            made,
            asked.filtered,
            task.by,
            form=form,
            asked=_on_record(asked),
            by=task.by,
            at=task.at,
            zone=zone,
            lang=get_language() or "zh-hans",
            progress=task.progress,
        )

    name = waiting.keep(make, at=task.at)
    if done.stopped:
        waiting.waiting_at(name).unlink()
        return {}
    title = gettext("Cases")
    day = task.at.astimezone(ZoneInfo(zone)).date()
    return {"rows": done.rows, "file": name, "file_name": f"{title} {day}.{form}"}


def _on_record(asked: Wanted) -> dict[str, object]:
    """The filters as codes; words searched for may be a name, so only that there were some."""
    codes = {name: getattr(asked, name) for name in ("kind", "state", "owner", "grade")}
    return {
        "list": asked.name,
        **{name: code for name, code in codes.items() if code},
        "searched": bool(asked.q),
    }


long_work("cases.export", _("Export cases"), "cases/exported.html", _act)
