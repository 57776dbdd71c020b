"""What may be chosen or named in a form: departments and people of a list, other records by their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Field, Ref

Choices = Mapping[str, list[tuple[str, str]]]
Find = Callable[
    [str, str], "Ref | int | None"
]  # (kind of record, what was typed) -> what is known, or its id


def looked_up(field: Field, typed: object, find: Find) -> object:
    """The ids of the records that somebody named, each by its number. Raises Refused form.invalid."""
    ids: list[Ref | str] = []
    for one in typed if isinstance(typed, list) else [typed]:
        if not (text := str(one).strip()):
            continue
        if (pk := find(field.of, text[:200])) is None:
            zh = f"{field.title.zh}：没有找到「{text[:40]}」，请填写编号，或能唯一找到的名称、电话"
            en = f"{field.title.en}: “{text[:40]}” is not found; give a number, or a name or telephone only one has"
            wrong = {"field": field.name, "code": "field.record", "zh": zh, "en": en}
            raise Refused("form.invalid", zh=zh, en=en, errors=[wrong])
        ids.append(pk if isinstance(pk, Ref) else str(pk))
    return ids if field.many else (ids or [""])[0]


def require_offered(field: Field, value: object, choices: Choices) -> None:
    offered = {key for key, _ in choices.get(field.of, ())}
    for one in value if isinstance(value, list) else [value]:
        if one not in offered:
            zh = f"{field.title.zh}：没有这一项，请从列表中选择"
            en = f"{field.title.en}: there is no such entry; choose one from the list"
            wrong = {"field": field.name, "code": "field.record", "zh": zh, "en": en}
            raise Refused("form.invalid", zh=zh, en=en, errors=[wrong])
