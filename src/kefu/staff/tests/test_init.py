"""`kefu init`, as typed."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from kefu.staff.actions.links import find_link
from kefu.staff.models import Department, Organisation

pytestmark = pytest.mark.db

ASKED = {
    "name": "云庭物业",
    "owner": "wang:王芳",
    "departments": ["service_centre:客服中心:property", "engineering:工程部", "desk:前台::service_centre"],
}


def init(**options: object) -> str:
    out = io.StringIO()
    call_command("init", stdout=out, **options)
    return out.getvalue()


def test_init_makes_the_organisation_and_prints_the_owners_link() -> None:
    said = init(**ASKED)

    key = re.search(r"/link/(\S+)", said)
    assert key is not None
    assert find_link(key[1], at=timezone.now()).person == Organisation.objects.get().owner
    assert {(one.code, one.pack, one.parent and one.parent.code) for one in Department.objects.all()} == {
        ("service_centre", "property", None),
        ("engineering", "", None),
        ("desk", "", "service_centre"),
    }


def test_init_again_changes_nothing_and_says_so() -> None:
    init(**ASKED)

    assert "云庭物业 exists" in init(**(ASKED | {"name": "另一家"}))
    assert Organisation.objects.get().name == "云庭物业"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"departments": ["客服:客服中心"]}, "department code"),
        ({"departments": ["service_centre"]}, "CODE:NAME"),
        ({"departments": ["a:b:property::c"]}, "CODE:NAME"),
        ({"departments": ["a:甲:no_such_pack"]}, "no_such_pack"),
        ({"zone": "Mars/Olympus"}, "time zone"),
    ],
)
def test_a_wrong_init_is_told_in_one_sentence_and_leaves_nothing(
    changed: dict[str, object], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        init(**(ASKED | changed))

    assert not Organisation.objects.exists()


def test_what_is_not_given_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["云庭物业", "wang：王芳", ""])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))

    init()

    assert Department.objects.get().pack == "property"
