from __future__ import annotations

from pathlib import Path

import pytest

from kefu.cases.importing.mapping import check_fits, mapping_of, read_mapping
from kefu.core.errors import Refused
from kefu.core.rulebook import load_pack

SHIPPED = sorted(Path(__file__).parents[5].glob("rulebooks/*/mappings/*.yaml"))
REGISTER = """\
source: letters
kind: public_message
key: id
opened: came
subject: [subject]
moves:
  replied: {at: answered, fields: {reply: answer}, message: answer}
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_mapping_fits_its_pack(path: Path) -> None:
    mapping = read_mapping(path)

    check_fits(mapping, load_pack(path.parent.parent.name).kinds[mapping.kind])


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("{reply: answer}", "{answer: answer}", "field “answer”"),
        ("replied:", "answered:", "move “answered”"),
    ],
)
def test_a_mapping_that_does_not_fit_the_rulebook_is_refused(wrong: str, right: str, told: str) -> None:
    mapping = mapping_of(REGISTER.replace(wrong, right).encode(), "m.yaml")

    with pytest.raises(Refused, match=told) as refused:
        check_fits(mapping, load_pack("servicedesk").kinds["public_message"])

    assert refused.value.code == "import.mapping_fit"


def test_a_mapping_names_the_columns_a_file_must_have() -> None:
    assert mapping_of(REGISTER.encode(), "m.yaml").columns == {"id", "came", "subject", "answered", "answer"}


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("kind: public_message", "kinds: public_message", "unknown key `kinds`"),
        ("key: id\n", "", "the key `key` is missing"),
        ("opened: came\n", "", "the key `opened` is missing"),
        ("opened: came", "opened: came\nopened: gone", "given twice"),
        ("{at: answered,", "{when: answered,", "unknown key `when`"),
        ("moves:", "rows: {at: a, state: b, states: {x: y}}\nmoves:", "either `rows` or `moves`"),
        ("key: id", "key: id\nzone: Asia/Nowhere", "no time zone `Asia/Nowhere`"),
        ("key: id", 'key: id\ninstant: "%H:%M"', "does not write an instant"),
        ("key: id", "key: id\ninstant: today", "does not write an instant"),
        ("subject: [subject]", "subject: &a [subject]", "anchors"),
        ("source: letters", f"source: {'x' * 31}", "at most 30 characters"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_and_line(wrong: str, right: str, told: str) -> None:
    assert wrong in REGISTER  # premise: the mistake is planted

    with pytest.raises(Refused, match=r"m\.yaml:\d+") as refused:
        mapping_of(REGISTER.replace(wrong, right).encode(), "m.yaml")

    assert refused.value.code == "import.mapping"
    assert told in refused.value.en


def test_a_mapping_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"nowhere\.yaml") as refused:
        read_mapping(tmp_path / "nowhere.yaml")

    assert refused.value.code == "import.mapping"
