"""The page of components."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.cast import Cast, browse

pytestmark = [pytest.mark.django_db]


def test_the_page_of_components_is_the_owners_and_names_them(cast: Cast) -> None:
    page = browse(Client(), cast.owner).get("/components/")
    assert page.status_code == 200
    shown = page.content.decode()
    folder = Path(__file__).resolve().parent.parent / "templates" / "web" / "c"
    for name in ("tabs", "refused", "rule_field"):
        assert (folder / f"{name}.html").exists()
        assert f"c/{name}.html" in shown
    for name in ("badge", "due", "empty"):
        assert f"<code>{name}</code>" in shown

    assert browse(Client(), cast.agent).get("/components/").status_code == 404
