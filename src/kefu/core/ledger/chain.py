"""The hash chain: what of a row is hashed, and how. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

GENESIS = "0" * 64  # the hash before the first row

# The columns under the hash, in this order for ever: another order is another hash.
HASHED = (
    "seq",
    "occurred_at",
    "recorded_at",
    "actor",
    "actor_post",
    "kind",
    "subject_kind",
    "subject_id",
    "root_kind",
    "root_id",
    "department",
    "data",
    "rulebook_version",
)


def row_hash(previous: str, values: Sequence[object]) -> str:
    """SHA-256 (hex) of the hash before and the values of `HASHED`, as canonical JSON in UTF-8."""
    text = json.dumps(
        [previous, *values], default=_instant, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return sha256(text.encode()).hexdigest()


def _instant(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} cannot stand in the ledger")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
