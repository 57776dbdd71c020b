"""All templates, looked at without a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import engines
from jinja2 import nodes


@pytest.fixture
def env() -> Any:
    return getattr(engines["jinja2"], "env")  # noqa: B009  (of this backend alone)


def test_every_template_is_one_and_calls_nothing_that_is_not_there(env: Any) -> None:
    names, unknown = env.list_templates(), set()
    for name in names:
        env.get_template(name)  # a filter that is not there does not compile
        tree = env.parse(env.loader.get_source(env, name)[0])
        given = {one.name for one in tree.find_all(nodes.Macro)}
        given |= {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"}
        called = {one.node.name for one in tree.find_all(nodes.Call) if isinstance(one.node, nodes.Name)}
        unknown |= {(name, one) for one in called - given - set(env.globals)}
    assert len(names) > 100
    assert not unknown


def test_what_somebody_wrote_is_text_and_a_message_may_hold_a_mark(env: Any) -> None:
    shown = env.from_string('{{ what }} {{ _("by <b>%(by)s</b>, 100%%", by=what) }}')
    assert shown.render(what="<i>") == "&lt;i&gt; by <b>&lt;i&gt;</b>, 100%"


def test_a_key_is_found_and_hides_no_method(env: Any) -> None:
    shown = env.from_string("{{ row.name }} {{ row.items()|length }} {{ row.missing.deeper }}")
    assert shown.render(row={"name": "x", "items": "y"}) == "x 2 "
