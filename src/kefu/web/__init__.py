"""Page furniture: the base page, components, template tags, security headers, error pages, front-end sources.

Not here: any page about the subject. A page says `{% extends "web/page.html" %}` and fills `title`, `head`,
`main`, `side`; what it puts in the rail it declares with `navigation.offer`. Components: `templates/web/c/`,
each says on its first line which parameters it takes; tags and filters: `{% load kefu %}`.
"""
