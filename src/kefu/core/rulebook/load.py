"""From the files of a pack, or from a stored source, to a `Rulebook`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import kefu
from kefu.core.rulebook import read_chapters as chapters
from kefu.core.rulebook import read_kinds, scalars, words
from kefu.core.rulebook import read_work as work
from kefu.core.rulebook.check import check
from kefu.core.rulebook.entries import Entry, Reading, check_name, mapping, word, words_of
from kefu.core.rulebook.expressions import Mark
from kefu.core.rulebook.merge import merge
from kefu.core.rulebook.mistakes import Mistake, RulebookRefused, Wrong, mistake
from kefu.core.rulebook.model import Rulebook, Text
from kefu.core.rulebook.yaml_text import Node, Plain, marked, parse, plain

V = TypeVar("V")
HEADER = "pack.yaml"


def packs_root() -> Path:
    """The folder of the shipped packs: inside the installed package, or beside the sources of a checkout."""
    package = Path(kefu.__file__).parent
    installed = package / "rulebooks"
    return installed if installed.is_dir() else package.parents[1] / "rulebooks"


def pack_names(root: Path | None = None) -> tuple[str, ...]:
    return tuple(sorted(found.parent.name for found in (root or packs_root()).glob(f"*/{HEADER}")))


def load_pack(name: str, root: Path | None = None) -> Rulebook:
    """Return the pack `name` with its parent merged in, read and checked.

    Raises RulebookRefused with every mistake found, each with file, line and key.
    """
    folder = (root or packs_root()).resolve()
    files = _files(folder, name)
    try:
        parent = _parent_of(files)
    except Wrong:
        parent = ""  # said again, with all other mistakes, by the full reading
    if parent and (folder / parent / HEADER).is_file():
        files += _files(folder, parent)
    return _load(name, tuple(files))


def load_files(name: str, files: Mapping[str, bytes]) -> Rulebook:
    """Like `load_pack` for files given as {"pack/file.yaml": bytes}; the parent's are given with them."""
    return _load(name, tuple(sorted(files.items())))


def load_source(source: str) -> Rulebook:
    """Return the rulebook of a source written by `to_source`, the same version without its files.

    A stored version was checked when it was published; it is read again, not judged again, so that a check
    added later keeps no old case from opening. Raises RulebookRefused where the words are no longer known.
    """
    return _from_source(source)


def to_source(rulebook: Rulebook) -> str:
    """Return canonical JSON of everything the rulebook says; its SHA-256 is `rulebook.version`."""
    return rulebook.source


def version_of(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def _files(root: Path, name: str) -> list[tuple[str, bytes]]:
    if not (root / name / HEADER).is_file():
        raise RulebookRefused(
            [mistake("pack_unknown", Mark(name, 0, ""), allowed=pack_names(root), name=name)]
        )
    return [(f"{name}/{path.name}", path.read_bytes()) for path in sorted((root / name).glob("*.yaml"))]


def _parent_of(files: list[tuple[str, bytes]]) -> str:
    header = next(parse(data, file) for file, data in files if file.endswith(f"/{HEADER}"))
    extends = mapping(header).get("extends")
    return word(extends) if extends else ""


@lru_cache(maxsize=64)
def _load(name: str, files: tuple[tuple[str, bytes], ...]) -> Rulebook:
    mistakes: list[Mistake] = []
    pack = _Pack(name, files, mistakes)
    tree = pack.chapters
    if pack.extends and not any(file.startswith(f"{pack.extends}/") for file, _ in files):
        mistakes.append(mistake("pack_unknown", pack.header.mark, name=pack.extends))
    elif pack.extends:
        parent = _Pack(pack.extends, files, mistakes)
        if parent.extends:
            mistakes.append(mistake("extends_twice", pack.header.mark, name=pack.extends))
        tree, wrong_merge = merge(parent.chapters, tree, parent.protected)
        mistakes += wrong_merge
    if mistakes:
        raise RulebookRefused(mistakes)
    rulebook = _read(Node({"pack": pack.header, **mapping(tree)}, pack.header.mark))
    check(rulebook)
    return rulebook


@lru_cache(maxsize=64)
def _from_source(source: str) -> Rulebook:
    try:
        tree = mapping(marked(cast("Plain", json.loads(source)), "rulebook"))
        header = tree["pack"]
    except (ValueError, KeyError, Wrong, RecursionError) as error:
        raise RulebookRefused(
            [mistake("yaml_syntax", Mark("rulebook", 0, ""), problem=str(error))]
        ) from error
    return _read(Node(tree, header.mark))


class _Pack:
    """The files of one pack as one tree: header and chapters; what is wrong goes to `mistakes`."""

    def __init__(self, name: str, files: tuple[tuple[str, bytes], ...], mistakes: list[Mistake]) -> None:
        self.header = Node({}, Mark(f"{name}/{HEADER}", 1, ""))
        found: dict[str, Node] = {}
        for file, data in files:
            if not file.startswith(f"{name}/"):
                continue
            try:
                tree = parse(data, file)
            except Wrong as error:
                mistakes.append(error.mistake)
                continue
            if file == f"{name}/{HEADER}":
                self.header = tree
            else:
                _add(found, tree, mistakes)
        self.chapters = Node(found, Mark(name, 0, ""))
        reading = Reading(mistakes=mistakes)
        entry = Entry(reading, self.header, "pack")
        if (given := entry.need("name", word, name)) != name:
            mistakes.append(mistake("pack_name", self.header.mark, name=given, folder=name))
        entry.need("title", scalars.text, Text("", ""))
        entry.get("in_force", scalars.day, None)
        self.extends = entry.get("extends", word, "")
        self.protected = entry.get("protected", words_of, ())


def _add(found: dict[str, Node], tree: Node, mistakes: list[Mistake]) -> None:
    """Add the chapters of one file; a chapter may be spread over files, a rule may not."""
    for chapter, node in mapping(tree).items():
        if chapter not in words.KEYS["chapters"]:
            mistakes.append(
                mistake("chapter_unknown", node.mark, allowed=tuple(words.KEYS["chapters"]), name=chapter)
            )
            continue
        if not isinstance(node.value, dict):
            mistakes.append(mistake("not_a_mapping", node.mark))
            continue
        rules = cast("dict[str, Node]", found.setdefault(chapter, Node({}, node.mark)).value)
        for name, rule in node.value.items():
            if name in rules:
                mistakes.append(mistake("rule_twice", rule.mark, name=name, other=rules[name].mark))
            else:
                rules[name] = rule


def _read(tree: Node) -> Rulebook:
    """Read a whole tree: `pack` and the chapters. Raises RulebookRefused with all mistakes."""
    top = mapping(tree)
    reading = Reading(posts=frozenset(_names(top, "posts")), people=_people(top))
    header = Entry(reading, top["pack"], "pack")

    def each(chapter: str, read: Callable[[Reading, str, Node], V]) -> dict[str, V]:
        return _chapter(reading, top, chapter, read)

    calendars = each("calendar", chapters.calendar)
    shelf = read_kinds.Shelf(
        forms=each("forms", chapters.form),
        flows=each("flows", work.flow),
        grades=each("grades", chapters.grades),
        holiday=next((calendar.holiday for calendar in calendars.values()), "forward"),
    )
    source = _canonical(top)
    rulebook = Rulebook(
        name=header.need("name", word, ""),
        title=header.need("title", scalars.text, Text("", "")),
        extends=header.get("extends", word, None),
        in_force=header.get("in_force", scalars.day, None),
        version=version_of(source),
        source=source,
        clauses=chapters.clauses(reading, top["clauses"]) if "clauses" in top else {},
        posts=each("posts", chapters.post),
        calendars=calendars,
        forms=read_kinds.without_kinds_examples(shelf.forms),
        flows=shelf.flows,
        grades=shelf.grades,
        kinds=read_kinds.kinds(reading, shelf, top),
        reactions=each("reactions", chapters.reaction),
        registers=each("registers", chapters.register),
    )
    if not _names(top, "calendar"):
        reading.mistakes.append(mistake("key_missing", header.mark, name="calendar"))
    if reading.mistakes:
        raise RulebookRefused(
            sorted(set(reading.mistakes), key=lambda m: (m.mark.file, m.mark.line, m.mark.key))
        )
    return rulebook


def _chapter(
    reading: Reading, top: dict[str, Node], chapter: str, read: Callable[[Reading, str, Node], V]
) -> dict[str, V]:
    found: dict[str, V] = {}
    for name in _names(top, chapter):
        node = mapping(top[chapter])[name]
        try:
            check_name(name, node.mark)
            found[name] = read(reading, name, node)
        except Wrong as error:
            reading.mistakes.append(error.mistake)
    return found


def _names(top: dict[str, Node], chapter: str) -> tuple[str, ...]:
    return tuple(mapping(top[chapter])) if chapter in top else ()


def _people(top: dict[str, Node]) -> frozenset[str]:
    """Names of fields that hold a person, a unit or a customer: in some form, or of all work."""
    holders = {name for name, (_, of) in words.WORK_FIELDS.items() if of in words.BUILT_IN_RECORDS}
    holders |= {"each", *words.CHAIN_FIELDS}
    for form in mapping(top["forms"]).values() if "forms" in top else ():
        fields = form.value.get("fields") if isinstance(form.value, dict) else None
        for name, field in fields.value.items() if fields and isinstance(fields.value, dict) else ():
            of = field.value.get("of") if isinstance(field.value, dict) else None
            if of and of.value in words.BUILT_IN_RECORDS:
                holders.add(name)
    return frozenset(holders)


def _canonical(top: dict[str, Node]) -> str:
    """The tree as JSON, chapters in the order of the vocabulary, everything inside in the order of the files:
    the first state, the heaviest level and the first branch mean something by standing there."""
    tree: dict[str, Any] = {key: plain(top[key]) for key in ("pack", *words.KEYS["chapters"]) if key in top}
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
