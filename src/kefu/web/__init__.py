"""Page furniture: the base page, components, what templates call, security headers, error pages, front-end sources.

Not here: any page about the subject. A page says `{% extends "web/page.html" %}` and fills `title`, `head`,
`main`, `side` (`web/bare.html`: without rail and bar); what it puts in the rail it declares with
`navigation.offer`. A `Refused` that a view does not show at its form becomes a page of its own.

Components are `templates/web/c/*.html`, each naming its parameters on its first line; functions and filters
stand in `jinja.py`; icons are those of `static_src/icons.txt`. Classes that stand for a thing of their own:
`page-head` (h1 + `actions`), `panel-box` (header + `body`), `rows` (a table; cells carry `data-label` for the
phone), `facts` (dl), `fields` (a form's stack of `c/field.html`), `tab-row`, `timeline-list`, `empty`, `hint`,
`figures` (digits in line), `secret`; all on `/components/`. Keys, drafts, confirmations: `static_src/app.ts`.
"""
