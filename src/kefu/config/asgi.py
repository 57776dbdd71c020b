"""The server's entry: the event stream as it is, everything else through a pool of threads.

Django's own ASGI handler starts a fresh thread for each synchronous view, which halves the speed and leaves
database connections open, one for each open stream; the measurements are in docs/decisions/0001-technology.md.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.config.settings")
# Any: the two libraries spell the same protocol with types that do not fit each other
pages: Any = WSGIMiddleware(cast("Any", get_wsgi_application()), workers=4)

from kefu.live.stream import application as streams  # noqa: E402  (needs the settings, which the line above reads)

# The many small sends of the streams wait for the interpreter's lock; at its 5 ms, pages being made beside them
# make an event late by half a second on the last of 200 screens (benchmarks/live.md).
sys.setswitchinterval(0.0005)

# What was loaded stays for good: looking through it for garbage again and again takes a tenth of every page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)

Message = MutableMapping[str, Any]


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] == "/events/":
        await streams(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(
    receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
