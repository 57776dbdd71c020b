"""The whole server over the test's own database, streams included: `site` of the browser tests has none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest
import uvicorn
from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from kefu.config import asgi
from kefu.live import stream
from kefu.live.hub import Hub, hang_up
from tools.fresh_database import FreshDatabase


@pytest.fixture
def streaming_site(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server with live streams, such as http://127.0.0.1:41234."""
    hub = Hub()
    # threads of its own: those of another test hold a connection to another database
    pages: Any = WSGIMiddleware(cast("Any", get_wsgi_application()), workers=4)
    monkeypatch.setattr(stream, "hub", hub)
    monkeypatch.setattr(asgi, "pages", pages)
    config = uvicorn.Config(asgi.application, port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run)
    running.start()
    while not server.started:
        running.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    running.join()
    hub._thread.submit(hang_up).result()
    hub._thread.shutdown()
    pages.executor.shutdown()
