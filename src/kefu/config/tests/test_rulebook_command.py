"""`kefu rulebook`: what it says, and that only publishing needs a database."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kefu.core.versions.models import RulebookVersion

GOOD = str(Path(__file__).resolve().parents[2] / "core" / "rulebook" / "tests" / "good")


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


def run(*words: str) -> str:
    out = StringIO()
    call_command("rulebook", *words, stdout=out)
    return out.getvalue()


def test_check_says_what_there_is_and_what_is_worth_a_look():
    said = run("check", GOOD)

    assert "examples_missing" not in said
    assert "good/rules.yaml:24 cases.enquiry.clocks.reply: a rule with an edge has no example" in said
    assert "2 kinds, 1 clauses, 3 pieces of advice" in said


def test_check_shows_all_mistakes_and_fails(tmp_path: Path):
    pack = tmp_path / "wrong"
    pack.mkdir()
    (pack / "pack.yaml").write_text("name: wrong\ntitle: {zh: 错, en: wrong}\n")
    (pack / "a.yaml").write_text("posts: {one: {}, two: {sees: moon}}\n")

    with pytest.raises(
        CommandError, match=r"wrong/a.yaml:1 posts.one: the key `title` is missing(?s:.*)`moon`"
    ):
        run("check", str(pack))
    with pytest.raises(CommandError, match="no pack `nowhere`"):
        run("check", "nowhere")


def test_an_effect_that_nothing_here_carries_out_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kefu.core.effects.words", lambda: frozenset({"notify"}))

    with pytest.raises(CommandError, match="no capability has registered `escalate`"):
        run("check", GOOD)


def test_test_runs_the_examples_of_a_shipped_pack():
    assert ", 0 failed" in run("test", "general")


def test_test_fails_with_the_example_that_is_red(tmp_path: Path):
    pack = tmp_path / "good"
    pack.mkdir()
    for file in Path(GOOD).glob("*.yaml"):
        (pack / file.name).write_text(file.read_text())
    red = "examples: [{name: a day, events: {opened: 2026-09-24T10:00}, expect: {due: 2026-09-24T11:00}}]"
    text = (pack / "rules.yaml").read_text().replace("due: 8 working hours", f"due: 8 working hours, {red}")
    (pack / "rules.yaml").write_text(text)

    with pytest.raises(CommandError, match="1 examples failed"):
        run("test", str(pack))


def test_diff_compares_two_packs_in_words():
    assert run("diff", "general", "general") == "0 rules differ\n"
    assert "added complaint" in run("diff", "general", "property")


def test_coverage_answers_for_each_id(tmp_path: Path):
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text("id,title\nX-1,nothing of the kind\n")

    said = json.loads(run("coverage", "general", "--requirements", str(catalogue), "--json"))

    assert said["requirements"] == [{"id": "X-1", "status": "not_yet", "by": []}]
    assert "not_yet: 1" in run("coverage", "general", "--requirements", str(catalogue))
    with pytest.raises(CommandError, match=r"missing\.csv"):
        run("coverage", "general", "--requirements", str(tmp_path / "missing.csv"))


@pytest.mark.db
@pytest.mark.django_db
def test_publish_freezes_a_version_that_the_files_can_be_compared_with():
    assert "is in force from" in run("publish", "general")
    assert run("diff", "general") == "0 rules differ\n"
    run("publish", "general")
    assert RulebookVersion.objects.count() == 1
    assert "2029-12-31 16:00" in run("publish", "servicedesk", "--from", "2030-01-01")
