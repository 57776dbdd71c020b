"""What every answer carries, and the pages nobody asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

pytestmark = [pytest.mark.db, pytest.mark.urls("kefu.web.tests.urls")]

WEB = Path(__file__).resolve().parent.parent
PATHS = ["/t/greet/", "/t/refuse/", "/t/forbid/", "/t/lose/", "/t/fail/", "/nowhere/"]


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policy_and_is_not_stored(visitor, path):
    answer = visitor.get(path)

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_no_page_holds_inline_script_or_style(visitor, path):
    page = visitor.get(path).content.decode()

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page)


def test_a_wrong_host_name_is_answered_without_looking_further(visitor):
    answer = visitor.get("/t/greet/", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "request.bad" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


def test_what_is_forbidden_looks_like_what_does_not_exist(visitor):
    def seen(path):
        answer = visitor.get(path)
        text = re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="\w+"', "", answer.content.decode())
        return answer.status_code, text.replace(path, "")

    assert seen("/t/forbid/") == seen("/t/lose/") == seen("/nowhere/")
    assert seen("/nowhere/")[0] == 404


@pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "茶凉了"), ("en", "The tea is cold")])
def test_a_refusal_is_shown_in_the_language_asked_for_with_its_code(visitor, language, sentence):
    answer = visitor.get("/t/refuse/", headers={"Accept-Language": language})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{sentence}&lt;b&gt;" in page
    assert "tea.cold" in page


def test_a_refusal_to_htmx_is_the_fragment_alone(visitor):
    page = visitor.get("/t/refuse/", headers={"HX-Request": "true"}).content.decode()

    assert "tea.cold" in page
    assert "<html" not in page


def test_too_many_tries_are_told_how_long_to_wait(visitor):
    answer = visitor.get("/t/refuse/?wait=1")

    assert answer.status_code == 429
    assert answer["Retry-After"] == "90"


def test_a_fault_of_ours_says_so_in_both_languages_and_nothing_more(visitor):
    answer = visitor.get("/t/fail/")

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "系统出错" in page
    assert "Something went wrong" in page
    assert "a fault of ours" not in page


def test_a_form_without_its_token_is_told_what_to_do(db):
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "form.too_old" in answer.content.decode()


def test_the_theme_chosen_is_in_the_first_byte_of_the_next_page(visitor):
    assert "data-theme" not in visitor.get("/t/greet/").content.decode()

    answer = visitor.post("/theme/", {"theme": "dark", "next": "/t/greet/"})

    assert answer["Location"] == "/t/greet/"
    assert '<html lang="zh-hans" data-theme="dark">' in visitor.get("/t/greet/").content.decode()
    visitor.post("/theme/", {"theme": "<script>"})
    assert "data-theme" not in visitor.get("/t/greet/").content.decode()


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", ""]
)
def test_nobody_is_sent_to_another_site(visitor, path):
    assert visitor.post("/theme/", {"theme": "dark", "next": path})["Location"] == "/"


def test_a_get_changes_nothing(visitor):
    assert visitor.get("/theme/?theme=dark").status_code == 405


def test_every_icon_that_a_template_or_entry_names_is_in_the_sprite():
    known = set((WEB / "static_src" / "icons.txt").read_text().split())
    package = WEB.parent
    used = set()
    for path in package.rglob("templates/**/*.html"):
        used |= set(re.findall(r'\b(?:icon\(|picture=)"([\w-]+)"', path.read_text()))
    for path in package.rglob("*.py"):
        used |= set(re.findall(r'\bicon="([\w-]+)"', path.read_text()))

    assert used
    assert used <= known
