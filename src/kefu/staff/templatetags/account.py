"""How a session is told from another: `{% load account %}{{ session.agent|device }}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

register = template.Library()
BROWSERS = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.filter
def device(agent: str) -> str:
    """`Chrome · Windows` of what a browser says about itself; a label for its owner, decides nothing."""
    found = [
        next((name for word, name in known.items() if word in agent), "") for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or gettext("unknown device")
