"""What screens ask by ordinary requests: where no stream gets through, and to say that somebody writes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from kefu.core.ledger import queries as ledger
from kefu.live.presence import presence
from kefu.live.told import MOST_EVENTS, Rights, Screen, admit, beside, changed, everything
from kefu.live.words import understood
from kefu.staff.asking import person_of
from kefu.staff.models import SignIn
from kefu.web.instant import instant_of


@require_GET
@login_required
def no_stream(request: HttpRequest) -> HttpResponse:
    """The server streams `/events/` before Django is asked. One that cannot says 204, and screens ask `poll`."""
    return HttpResponse(status=204)


@require_GET
@login_required
def poll(request: HttpRequest) -> HttpResponse:
    """What a stream would have told since the event `since`; asked every 30 seconds in place of one."""
    person, at = person_of(request), instant_of(request)
    since, head = request.GET.get("since", ""), ledger.head()[0]
    screen = Screen(_key(request), person, _sign_in(request).pk, understood(request.GET.getlist("show")))
    rights = Rights()
    admit(screen, rights, at=at)
    looks = request.GET.get("looks", "")
    if looks in screen.may:
        presence.look(screen.key, looks, person.pk, person.name, at=at)
    words: frozenset[str] = frozenset()
    if since.isascii() and since.isdecimal() and len(since) < 19 and int(since) < head:
        if head - int(since) > MOST_EVENTS:
            words = everything(screen)
        else:
            words = changed([screen], ledger.read(int(since), MOST_EVENTS), rights, at=at).get(screen, words)
    faces = beside(screen, presence.faces(at=at))
    return JsonResponse({"seq": head, "changed": sorted(words), "faces": faces})


@require_POST
@login_required
def writing(request: HttpRequest) -> HttpResponse:
    """Somebody types on this screen; known from its stream or its polls, else nothing happens."""
    presence.write(_key(request), person_of(request).pk, at=instant_of(request))
    return HttpResponse(status=204)


def _sign_in(request: HttpRequest) -> SignIn:
    return request.sign_in  # type: ignore[attr-defined]  # set by the middleware of staff


def _key(request: HttpRequest) -> str:
    """A screen by its own key within its session: nobody speaks for the screen of another."""
    given = request.POST.get("screen") or request.GET.get("screen", "")
    return f"{_sign_in(request).pk}:{given[:40]}"
