"""Chinese texts take full-width punctuation: names what does not, or with --fix puts it right.

    python -m tools.punctuation [--fix]

Read are the strings of Python, the scalars of the rulebooks, the translations and the Chinese pages. A text is
Chinese when a good part of its letters is; docstrings, comments and patterns are not shown to anybody.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import yaml

from tools.environment import ROOT, say

FULL = dict(zip(",;:!?", "\uff0c\uff1b\uff1a\uff01\uff1f", strict=True))
OPEN, CLOSE = "\uff08", "\uff09"
HAN = "\u3400-\u9fff"
WIDE = HAN + "\u3001\u3002\u300a-\u300f\u2026\u201c\u201d" + OPEN + CLOSE + "".join(FULL.values())
READ_AS_TYPED = ("core/worktime/notice.py", "tools/punctuation.py")  # patterns for what others write
_PARENTHESIS = re.compile(r"(?<!%)\(((?:[^()]|%\(\w+\)[sd])*)\)")
_BEHIND = re.compile(rf"(?<=[{WIDE}])([,;:!?]) ?")
_BEFORE = re.compile(rf"([,;:!?])(?=[{HAN}\u300a\u300c\u300e])")
_BESIDE_WIDE = re.compile(rf"(?<=[{OPEN}{CLOSE}]) (?=[{HAN}])|(?<=[{HAN}]) (?=[{OPEN}{CLOSE}])")
_BARE = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]|<[^<>]*>|`[^`]*`")
_VERBATIM = re.compile(r"`[^`]*`|\]\([^)]*\)")
_KEPT = "\ue000"  # stands for what is verbatim while the text around it is put right
_STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
Span = tuple[int, int]


def full_width(text: str) -> str:
    """`text` with the punctuation that stands beside Chinese characters made full-width; code stays."""

    def parenthesis(found: re.Match[str]) -> str:
        before, behind = text[max(found.start() - 1, 0) : found.start()], text[found.end() : found.end() + 1]
        called = re.match(r"\w", before, re.ASCII)
        chinese = re.search(f"[{HAN}]", found[1]) or (not called and re.search(f"[{WIDE}]", before + behind))
        return f"{OPEN}{found[1]}{CLOSE}" if chinese else found[0]

    verbatim = iter(_VERBATIM.findall(text))
    text = _VERBATIM.sub(_KEPT, text)
    text = _PARENTHESIS.sub(parenthesis, text)
    text = _BEHIND.sub(lambda found: FULL[found[1]], text)
    text = _BEFORE.sub(lambda found: FULL[found[1]], text)
    text = _BESIDE_WIDE.sub("", text)
    return re.sub(_KEPT, lambda _: next(verbatim), text)


def put_right(path: Path, source: str) -> str:
    """The whole file with its Chinese texts put right."""
    for start, end in sorted(_texts(path, source), reverse=True):
        text = source[start:end]
        if _is_chinese(text):
            source = source[:start] + full_width(text) + source[end:]
    return source


def files() -> Iterator[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if path.exists() and not name.endswith(READ_AS_TYPED) and _reader(path):
            yield path


def _is_chinese(text: str) -> bool:
    bare = _BARE.sub("", text)
    han = len(re.findall(f"[{HAN}]", bare))
    return han > 0 and han * 3 >= len(re.findall("[A-Za-z]", bare))


def _reader(path: Path) -> str:
    inside = path.relative_to(ROOT).as_posix()
    if path.suffix == ".py":
        return "" if "/tests/" in f"/{inside}" or inside.startswith("benchmarks/") else "python"
    if path.suffix == ".yaml":
        return "yaml" if inside.startswith("rulebooks/") else ""
    if inside.endswith(".zh.md") or inside.startswith("docs/operations/"):
        return "lines"
    return {".po": "messages", ".html": "lines"}.get(path.suffix, "")


def _texts(path: Path, source: str) -> Iterator[Span]:
    """Where the texts stand in `source`, from and to."""
    match _reader(path):
        case "python":
            return _strings(source)
        case "yaml":
            scalars = (token for token in yaml.scan(source) if isinstance(token, yaml.ScalarToken))
            return ((scalar.start_mark.index, scalar.end_mark.index) for scalar in scalars)
        case "messages":
            return _translations(source)
        case _:
            return _prose(source)


def _strings(source: str) -> Iterator[Span]:
    begins = [begin for begin, _ in _lines(source)]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        pattern = re.match(r"[a-zA-Z]*[rR]", token.string)
        if token.type in _STRINGS and not pattern and '"""' not in token.string:
            yield begins[token.start[0] - 1] + token.start[1], begins[token.end[0] - 1] + token.end[1]


def _translations(source: str) -> Iterator[Span]:
    translated = False
    for begin, line in _lines(source):
        translated = line.startswith("msgstr") or (translated and line.startswith('"'))
        if translated:
            yield begin + line.index('"') + 1, begin + line.rindex('"')


def _prose(source: str) -> Iterator[Span]:
    """The lines that are no block of code."""
    code = False
    for begin, line in _lines(source):
        code ^= line.startswith("```")
        if not code:
            yield begin, begin + len(line)


def _lines(source: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for line in source.splitlines(keepends=True):
        yield begin, line
        begin += len(line)


def main() -> None:
    fix, wrong = "--fix" in sys.argv[1:], 0
    for path in files():
        source = path.read_text("utf-8")
        better = put_right(path, source)
        if better == source:
            continue
        if fix:
            path.write_text(better, "utf-8")
        pairs = zip(source.splitlines(), better.splitlines(), strict=True)
        for number, (line, right) in enumerate(pairs, 1):
            if line != right:
                wrong += 1
                say(f"{path.relative_to(ROOT)}:{number}: {right.strip()}")
    if wrong and not fix:
        sys.exit(
            f"{wrong} lines with half-width punctuation in Chinese texts: python -m tools.punctuation --fix"
        )


if __name__ == "__main__":
    main()
