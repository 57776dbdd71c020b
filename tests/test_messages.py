"""The catalogue's checker, on a package of two files."""

from __future__ import annotations

import pytest

from tools import messages


@pytest.fixture
def package(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale" / "django.po")
    (tmp_path / "cases" / "templates").mkdir(parents=True)
    (tmp_path / "cases" / "views.py").write_text("title = gettext('Dear %(name)s')\n")
    (tmp_path / "cases" / "templates" / "case.html").write_text(
        "<p>{{ _('Open') }}\n it's (\n   {{ ngettext('%(n)s case', '%(n)s cases', 3) }}</p>"
    )
    return tmp_path


def translate(package, **forms):
    text = messages.CATALOGUE.read_text()
    for message, translated in forms.items():
        text = text.replace(f'"{message}"\nmsgstr ""', f'"{message}"\nmsgstr "{translated}"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(n)s 张工单"').replace("Dear %(name)s", "Dear %(name)s")
    messages.CATALOGUE.write_text(text)


def test_messages_of_code_and_templates_are_missing_from_an_empty_catalogue(package):
    assert [line.split(" in ")[0] for line in messages.wrongs()] == [
        "missing: Dear %(name)s",
        "missing: Open",
        "missing: %(n)s case / %(n)s cases",
    ]


def test_an_update_brings_them_in_untranslated(package):
    messages.update()

    assert sorted(messages.wrongs()) == [
        "untranslated: %(n)s case / %(n)s cases",
        "untranslated: Dear %(name)s",
        "untranslated: Open",
    ]


def test_a_translation_must_keep_its_placeholders(package):
    messages.update()
    translate(package, **{"Open": "未结", "Dear %(name)s": "您好"})

    assert list(messages.wrongs()) == ["placeholders differ: Dear %(name)s"]


def test_a_message_that_no_code_uses_is_named_and_the_next_update_drops_it(package):
    messages.update()
    translate(package, **{"Open": "未结", "Dear %(name)s": "%(name)s 您好"})
    assert list(messages.wrongs()) == []

    (package / "cases" / "views.py").unlink()

    assert list(messages.wrongs()) == ["unused: Dear %(name)s"]
    messages.update()
    assert list(messages.wrongs()) == []
