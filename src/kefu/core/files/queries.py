"""Reading stored files, and finding litter."""

from __future__ import annotations

from kefu.core.errors import Refused
from kefu.core.files.models import StoredFile, files_folder


def content(file: StoredFile) -> bytes:
    """The bytes. Raises Refused file.lost when the disk no longer has them."""
    try:
        return file.path.read_bytes()
    except FileNotFoundError:
        raise Refused(
            "file.lost",
            zh=f"附件「{file.name}」在存储中已不存在，请联系管理员从备份恢复。",
            en=f"The file “{file.name}” is no longer in the store; ask an administrator to restore it from a backup.",
            name=file.name,
        ) from None


def litter() -> list[str]:
    """Names of stored bytes that no row knows: left by transactions that were rolled back."""
    known = set(StoredFile.objects.values_list("id", flat=True))
    return sorted(path.name for path in files_folder().glob("*/*") if path.name not in known)
