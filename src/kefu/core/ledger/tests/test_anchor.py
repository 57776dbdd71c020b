"""The file outside the database that knows how far the ledger had come."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.core.errors import Refused
from kefu.core.jobs import actions as jobs
from kefu.core.jobs import worker
from kefu.core.ledger import anchor
from kefu.core.ledger.anchor import Head, append_head, heads, last_head
from kefu.core.ledger.models import Event
from kefu.core.ledger.tests.telling import NINE, told
from kefu.core.ledger.verify import verify

pytestmark = pytest.mark.db


@pytest.fixture
def file(db: None, tmp_path: Path) -> Path:
    return tmp_path / "home" / "anchor.log"


def head_of(seq: int) -> Head:
    return Head(seq, Event.objects.get(seq=seq).hash)


def test_heads_are_appended_and_nothing_before_them_changes(file: Path) -> None:
    assert append_head(file, at=NINE) is None
    assert not file.exists()
    told(3)
    assert append_head(file, at=NINE) == head_of(3)
    before = file.read_bytes()
    assert append_head(file, at=NINE) is None  # nothing new, nothing written
    told(2, first=4)

    assert append_head(file, at=NINE) == head_of(5)

    assert file.read_bytes().startswith(before)
    assert (
        file.read_text()
        == f"3 {head_of(3).hash} {NINE.isoformat()}\n5 {head_of(5).hash} {NINE.isoformat()}\n"
    )
    assert heads(file) == [head_of(3), head_of(5)]
    assert last_head(file) == head_of(5)
    assert file.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("kept", [1, 20, 68, 90])
def test_a_line_cut_by_a_crash_is_passed_over_and_does_not_spoil_the_next(file: Path, kept: int) -> None:
    told(1)
    append_head(file, at=NINE)
    told(1, first=2)
    append_head(file, at=NINE)
    first, second = file.read_text().splitlines(keepends=True)
    file.write_text(first + second[:kept])
    assert heads(file) == [head_of(1)]
    assert last_head(file) == head_of(1)

    append_head(file, at=NINE)

    assert heads(file) == [head_of(1), head_of(2)]
    assert file.read_text() == first + second[:kept] + " cut\n" + second
    assert append_head(file, at=NINE) is None


@pytest.mark.parametrize("line", ["", "17", "17 abc 2026-09-24", f"x {'0' * 64} now", "\x00\xff\x00"])
def test_any_other_line_is_refused_with_its_number(file: Path, line: str) -> None:
    told(1)
    append_head(file, at=NINE)
    file.write_bytes(file.read_bytes() + line.encode("latin-1") + b"\n")

    with pytest.raises(Refused, match="line 2") as refused:
        heads(file)

    assert refused.value.code == "ledger.anchor_unreadable"


def test_a_thousand_lines_are_not_read_again_to_append_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(1)
    file.parent.mkdir()
    file.write_text(f"9 {'0' * 64} {NINE.isoformat()}\n" * 1000)
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("read whole"))

    assert append_head(file, at=NINE) == head_of(1)
    assert append_head(file, at=NINE) is None


def test_the_worker_anchors_every_minute(file: Path, settings) -> None:
    settings.KEFU_HOME = file.parent
    told(3)
    jobs.arm_ticks(at=NINE)

    while worker.run_due(at=NINE, worker="me"):
        pass

    assert heads(file.parent / anchor.FILE) == [head_of(3)]


def test_verify_says_how_many_rows_lie_after_the_last_anchor(file: Path) -> None:
    told(3)
    assert verify(heads(file)).after_anchor == 3
    append_head(file, at=NINE)
    told(4, first=4)

    verdict = verify(heads(file))

    assert (verdict.rows, verdict.first_bad, verdict.after_anchor) == (7, None, 4)
