"""Who looks at what is kept in the memory of the process, which tests share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _nobody_looks_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of earlier tests that asked without a stream would be seen for 45 seconds more."""
    from kefu.live.presence import Presence

    fresh = Presence()
    monkeypatch.setattr("kefu.live.hub.presence", fresh)
    monkeypatch.setattr("kefu.live.views.presence", fresh)
