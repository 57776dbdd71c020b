"""One spelling for what people type; what cannot be read is refused by code."""

from __future__ import annotations

import pytest

from kefu.core import inputs
from kefu.core.errors import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "+8613812345678"),
        ("１３８－１２３４－５６７８", "+8613812345678"),
        (" +86 138 1234 5678 ", "+8613812345678"),
        ("0571-88886666", "+8657188886666"),
        ("(010) 6552 9988", "+861065529988"),
        ("0571-88886666转12", "+8657188886666;ext=12"),
        ("0571-8888 6666 ext. 12", "+8657188886666;ext=12"),
        ("400-800-1234", "+864008001234"),
        ("+1 650 253 0000", "+16502530000"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_a_phone_number_has_one_spelling(typed: str, kept: str) -> None:
    assert inputs.phone(typed) == kept
    assert inputs.phone(inputs.phone_written(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1380013800A", "phone.letters"),
        ("1-800-FLOWERS", "phone.letters"),
        ("一三八零零", "phone.letters"),
        ("88886666", "phone.not_valid"),  # no area code
        ("12345678901", "phone.not_valid"),
        ("", "phone.not_valid"),
        ("+", "phone.not_valid"),
        ("0571-88886666转1234567", "phone.not_valid"),
        ("1" * 1_000_000, "phone.not_valid"),
    ],
)
def test_a_wrong_phone_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        inputs.phone(typed)

    assert refused.value.code == code
    assert len(refused.value.zh) < 200


def test_a_line_loses_what_cannot_be_seen_and_keeps_the_rest() -> None:
    assert inputs.line(" 李\u202e𠮷\t\n明\x00 <b>", "name", longest=20) == "李𠮷 明 <b>"


@pytest.mark.parametrize(("typed", "code"), [("\u200b \u2067", "line.missing"), ("长" * 21, "line.too_long")])
def test_a_wrong_line_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        inputs.line(typed, "姓名 / name", longest=20)

    assert refused.value.code == code
    assert "姓名" in refused.value.zh


def test_mail_is_kept_in_small_letters() -> None:
    assert inputs.mail(" Wang.Fang@Example.COM ") == "wang.fang@example.com"


@pytest.mark.parametrize(
    "typed", ["", "a", "a@b", "a@b@c.com", "a b@c.com", "a@c.com\nBcc: x@y.z", "a" * 255]
)
def test_a_wrong_mail_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="mail address"):
        inputs.mail(typed)


@pytest.mark.parametrize("typed", ["11010519491231002x", "９１３５０１００M000100Y43", "H01234567(8)"])
def test_id_numbers_are_kept_in_capitals(typed: str) -> None:
    assert inputs.id_number(typed).isupper()


@pytest.mark.parametrize("typed", ["110105194912310021", "1234", "a" * 31, "证件号码甲乙"])
def test_a_wrong_id_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        inputs.id_number(typed)

    assert typed not in refused.value.zh + refused.value.en
