"""The form inside another site: framed by the origins configured alone, without cookies, acting for nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kefu.cases.models import Case
from kefu.cases.tests.desk import page_of
from kefu.portal.tests.street import form
from tests.cast import Cast

pytestmark = pytest.mark.db


def framers(answer: Any) -> str:
    return next(part for part in answer["Content-Security-Policy"].split("; ") if "ancestors" in part)


def test_only_the_configured_origins_may_frame_the_form_and_nothing_else(
    client: Client, cast: Cast, settings: Any
) -> None:
    settings.KEFU_EMBED_ORIGINS = ["https://www.yunting.example"]

    framed = client.get("/portal/embed/complaint/")

    assert framers(framed) == "frame-ancestors https://www.yunting.example"
    assert "X-Frame-Options" not in framed
    for address in ("/portal/", "/portal/new/service_centre/complaint/", "/portal/find/", "/sign-in/"):
        answer = client.get(address)
        assert framers(answer) == "frame-ancestors 'none'"
        assert answer["X-Frame-Options"] == "DENY"


def test_nobody_frames_it_where_no_origin_is_configured(client: Client, cast: Cast, settings: Any) -> None:
    settings.KEFU_EMBED_ORIGINS = []

    assert framers(client.get("/portal/embed/complaint/")) == "frame-ancestors 'none'"


def test_a_case_is_sent_in_from_a_frame_without_any_cookie(cast: Cast) -> None:
    there = Client(enforce_csrf_checks=True)

    answer = there.post("/portal/embed/complaint/", form(timezone.now()))

    assert answer.status_code == 302, page_of(answer)
    assert Case.objects.get().kind == "complaint"
    done = there.get(answer["Location"])
    assert Case.objects.get().number in page_of(done)
    assert "kefu_portal" not in there.cookies


def test_the_portals_own_form_asks_for_the_token(cast: Cast) -> None:
    there = Client(enforce_csrf_checks=True)

    answer = there.post("/portal/new/service_centre/complaint/", form(timezone.now()))

    assert answer.status_code == 403
    assert not Case.objects.exists()


def test_the_first_department_that_offers_the_kind_or_the_one_named(client: Client, cast: Cast) -> None:
    assert cast.service_centre.name in page_of(client.get("/portal/new/service_centre/enquiry/"))
    client.post("/portal/embed/enquiry/?department=sales", form(timezone.now()))
    client.post("/portal/embed/enquiry/", form(timezone.now()))

    assert list(Case.objects.order_by("pk").values_list("department__code", flat=True)) == [
        "sales",
        "service_centre",
    ]
    assert client.get("/portal/embed/complaint/?department=sales").status_code == 404


def test_the_script_may_be_loaded_by_any_site_and_speaks_the_sites_language(
    client: Client, cast: Cast
) -> None:
    script = client.get("/portal/embed.js")

    assert script["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert script["Content-Type"].startswith("text/javascript")
    assert "Send in" in page_of(client.get("/portal/embed/complaint/?language=en"))
    assert "提交" in page_of(client.get("/portal/embed/complaint/"))
