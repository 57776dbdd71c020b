"""Files are kept as they are, under names nobody can guess, and never believed by their ending."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kefu.core.errors import Refused
from kefu.core.files.actions import LARGEST, store
from kefu.core.files.content import media_type, safe_name
from kefu.core.files.models import StoredFile, files_folder
from kefu.core.files.queries import content, litter
from kefu.core.ledger.actions import SYSTEM

pytestmark = [pytest.mark.db, pytest.mark.django_db]
AT = datetime(2026, 9, 24, 2, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.KEFU_HOME = tmp_path


def test_bytes_come_back_as_they_were():
    file = store(PNG, "现场.png", by=SYSTEM, at=AT)

    assert content(file) == PNG
    assert (file.name, file.media_type, file.size) == ("现场.png", "image/png", 48)
    assert "现场" not in str(file.path)


@pytest.mark.parametrize(
    ("name", "bytes_"),
    [
        ("a.png", b"<html><script>alert(1)</script>"),
        ("a.jpg", PNG),
        ("a.pdf", b"<svg onload=alert(1)>"),
        ("A.PNG", b"MZ\x90"),
    ],
)
def test_content_that_is_not_what_the_ending_promises_is_refused(name: str, bytes_: bytes):
    with pytest.raises(Refused) as refused:
        store(bytes_, name, by=SYSTEM, at=AT)

    assert refused.value.code == "file.not_what_it_says"
    assert not StoredFile.objects.exists()
    assert not list(files_folder().glob("*/*"))


@pytest.mark.parametrize(
    "bytes_", [b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", b"BM1234", b"<html>", b"\x00\x00"]
)
def test_only_real_pictures_count_as_pictures(bytes_: bytes):
    assert not media_type(bytes_).startswith("image/")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\报告.pdf", "报告.pdf"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\x00b.txt", "ab.txt"),
        ("\r\nX: y.txt", "X y.txt"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_names_are_made_safe(given: str, kept: str):
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_ending():
    assert safe_name("长" * 300 + ".pdf") == "长" * 116 + ".pdf"


def test_empty_and_huge_files_are_refused():
    for bytes_, code in ((b"", "file.empty"), (bytes(LARGEST + 1), "file.too_large")):
        with pytest.raises(Refused) as refused:
            store(bytes_, "a.bin", by=SYSTEM, at=AT)
        assert refused.value.code == code


def test_lost_bytes_are_said_and_stray_ones_found():
    file = store(b"x", "a.txt", by=SYSTEM, at=AT)
    file.path.rename(file.path.with_name("stray"))

    with pytest.raises(Refused) as refused:
        content(file)
    assert refused.value.code == "file.lost"
    assert litter() == ["stray"]
