"""Every form of every pack is filled in, signed, printed, read back, looks as it did, and is found in its registers.

A page looks as in `kept_pages/PACK/FORM.png`. After a form was changed on purpose, or a new one came, keep them anew:
`KEFU_KEEP=1 .venv/bin/python -m pytest -q tests/test_every_form.py`, and look at what changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from kefu.core.rulebook import load_pack
from kefu.core.rulebook.model import Rulebook
from kefu.core.work.fields import fields_of
from kefu.documents.composing import empty_paper, papers_of
from kefu.documents.models import Document
from kefu.documents.printing import pdf
from kefu.documents.registers.finding import listed
from kefu.documents.registers.reading import Narrowed, Reader
from tests.cast import local
from tests.every_form import Office, complete, make_office
from tests.printed import differs, drawn, pages_of, sizes_of, text_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]
PACKS = ("general", "property", "telecom", "decoration")
AT = local("2026-09-24 10:00")
KEPT = Path(__file__).with_name("kept_pages")
KEEP = os.environ.get("KEFU_KEEP") == "1"
SMALL = 0.3  # the size of a kept page; it has 16 greys
# the mean difference of a dot, 0 to 255, that fewer greys and another build of the renderer may make
NEAR = 2.5


@cache
def pack(name: str) -> Rulebook:
    return load_pack(name)


def forms_of(name: str) -> Iterator[str]:
    """The pack's own forms: those it takes over unchanged are walked in the pack they come from."""
    above = pack("general").kinds if name != "general" else {}
    for kind in pack(name).kinds.values():
        if kind.chapter == Document.chapter and (
            kind.name not in above or above[kind.name].form != kind.form
        ):
            yield kind.name


FORMS = [(name, kind) for name in PACKS for kind in forms_of(name)]


@pytest.mark.parametrize(("name", "kind"), FORMS, ids=lambda one: one)
def test_a_form_is_filled_in_signed_printed_and_found(db: None, name: str, kind: str) -> None:
    office = make_office(name, AT)
    document = complete(office, kind, AT)
    rule = document.rule

    assert document.closed_at == AT
    made = pdf(papers_of([document], lang="zh", at=AT))
    said = text_of(made).replace(" ", "")
    for words in (rule.title.zh, document.number, "客服中心"):
        assert words.replace(" ", "") in said
    for field in fields_of(rule).values():
        if field.name in document.values:
            assert field.title.zh.replace(" ", "") in said, field.name
            if field.type == "text" and not field.privacy:
                assert str(document.values[field.name]).replace(" ", "") in said, field.name
    wanted = (297, 210) if rule.form.layout.page == "landscape" else (210, 297)
    assert set(sizes_of(made)) == {wanted}
    assert f"共{len(pages_of(made))}页" in said
    _looks_as_it_did(made, KEPT / name / f"{kind}.png")
    _in_its_registers(office, document)


def _looks_as_it_did(made: bytes, kept: Path) -> None:
    if KEEP:
        kept.parent.mkdir(parents=True, exist_ok=True)
        drawn(made, scale=SMALL).point(lambda grey: grey // 16 * 17).save(kept, optimize=True)
    assert kept.exists(), "no page is kept of this form: see the head of this file"
    assert differs(made, kept, scale=SMALL) < NEAR, "it looks otherwise than the page that is kept"


def _in_its_registers(office: Office, document: Document) -> None:
    for register in office.rulebook.registers.values():
        if document.kind not in register.of:
            continue
        found = listed(office.owner, office.rulebook.name, register.name, AT)
        reader = Reader(found, office.owner, AT, Narrowed(AT - timedelta(days=1), AT + timedelta(days=1)))
        if register.group:
            assert reader.groups() or register.where is not None, register.name
        elif register.where is None:
            assert document.number in [line.number for line in reader.lines()], register.name
        else:
            list(reader.lines())


@pytest.mark.parametrize("name", PACKS)
def test_every_form_can_be_printed_empty(db: None, name: str) -> None:
    office = make_office(name, AT)
    kinds = [pack(name).kinds[kind] for kind in forms_of(name)]

    pages = pages_of(pdf([empty_paper(office.rulebook, kind, office.department, "zh") for kind in kinds]))

    said = "".join(pages).replace("\n", "").replace(" ", "")
    for kind in kinds:
        assert kind.title.zh.replace(" ", "") in said
        for field in kind.form.fields.values():
            assert field.title.zh.replace(" ", "") in said, (kind.name, field.name)
