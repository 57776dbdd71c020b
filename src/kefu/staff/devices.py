"""How a session is told from another."""

from __future__ import annotations

from django.utils.translation import gettext

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


def device(agent: str) -> str:
    """`Chrome · Windows` of what a browser says about itself; a label for its owner, decides nothing."""
    found = [
        next((name for word, name in known.items() if word in agent), "") for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or gettext("unknown device")
