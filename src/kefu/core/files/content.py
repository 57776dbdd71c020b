"""What a file is by its bytes, and a name that can be shown and saved under. Pure."""

from __future__ import annotations

import re
import unicodedata

import puremagic

from kefu.core.errors import Refused

LONGEST_NAME = 120  # characters
# A name with one of these endings promises this content; anything else is only ever downloaded.
PROMISES = {
    ".png": ("image/png",),
    ".jpg": ("image/jpeg",),
    ".jpeg": ("image/jpeg",),
    ".gif": ("image/gif",),
    ".webp": ("image/webp",),
    ".pdf": ("application/pdf",),
    ".docx": ("application/zip",),
    ".xlsx": ("application/zip",),
    ".zip": ("application/zip",),
}
# puremagic guesses far and wide; only signatures that cannot be mistaken decide about a promise.
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]')


def media_type(content: bytes) -> str:
    """The type by signature, else a guess that is only shown, else octets."""
    for signature, found in _SIGNATURES:
        if content.startswith(signature):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    try:
        guess = puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return "application/octet-stream"
    # A guess never makes a picture: pictures are shown, everything else is downloaded.
    return guess if guess and not guess.startswith("image/") else "application/octet-stream"


def safe_name(name: str) -> str:
    """The last part of a path, without control, direction and reserved characters, at most 120 characters with its
    ending kept; "file" when nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = _UNSAFE.sub("", last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > LONGEST_NAME and dot and len(ending) <= 10:
        kept = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return kept[:LONGEST_NAME] or "file"


def check_promise(name: str, found: str) -> None:
    """Raises Refused file.not_what_it_says for content that is not what the name's ending promises."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending in PROMISES and found not in PROMISES[ending]:
        raise Refused(
            "file.not_what_it_says",
            zh=f"「{name}」的内容不是 {ending} 文件，未保存。请用正确的程序另存后重新上传。",
            en=f"The content of “{name}” is no {ending} file; it was not stored. Save it properly and upload again.",
            name=name,
            found=found,
        )
