"""What holds for the project as a whole and no tool of bin/check looks at."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "kefu"
REGISTRY = re.compile(
    r"(registry\.npmjs|registry\.yarnpkg|npmmirror|files\.pythonhosted|\bpypi)\.(org|com)|/simple/?\s*$"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def kept_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode(errors="ignore")


def test_no_file_names_a_package_registry():
    named = [path for path in kept_files() if REGISTRY.search(text_of(path)) and path != Path(__file__)]

    assert named == []


def test_files_of_code_fit_one_sitting():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in kept_files()
        if path.suffix in {".py", ".ts", ".html", ".css", ".mjs"}
        and (lines := text_of(path).count("\n")) > 500
    }

    assert long == {}


def test_every_declared_dependency_is_imported_and_every_import_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {_plain(re.split(r"[<>=\[; ]", line)[0]) for line in project["dependencies"]}
    by_module = {
        module: {_plain(name) for name in names} for module, names in packages_distributions().items()
    }

    imported = {
        distribution
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts
        for module in _imports(path)
        for distribution in by_module.get(module, ())
    } - {"kefu"}

    # loaded by name, not by an import of ours: password hasher, static files, database driver, zone data
    by_name = {"argon2-cffi", "whitenoise", "psycopg", "tzdata"}
    assert declared - imported - by_name == set()
    assert imported - declared == set()


def test_every_dependency_has_its_reason_in_the_decision_record():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    record = (ROOT / "docs" / "decisions" / "0001-technology.md").read_text()
    reasons = {
        name
        for line in record.splitlines()
        if line.startswith("| ")
        for name in re.findall(r"[\w-]+", line.split("|")[1])
    }

    assert {_plain(re.split(r"[<>=\[; ]", line)[0]) for line in project["dependencies"]} <= reasons


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _imports(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules.add(node.module.split(".")[0])
    return modules


def test_templates_hold_no_chinese_outside_the_catalogue():
    # shown when no language can be found out: they say everything in both
    in_both = {"fault.html", "bad_request.html"}
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in PACKAGE.rglob("templates/**/*.html")
        if path.name not in in_both
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if CHINESE.search(line.replace("Kefu 客服", "").replace(">客<", ""))  # the product's name and seal
    ]

    assert found == []
