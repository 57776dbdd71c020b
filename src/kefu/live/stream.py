"""The event stream `/events/`, as the server's own protocol: no view, no thread and no connection per screen.

    GET /events/?show=case:17&show=notices&looks=case:17&screen=KEY&since=SEQ

Messages: `changed` (words of `kefu.live.words`; its id is the ledger's number, from which a reconnect goes on),
`faces` (who else is at which record), `over` (the session has ended). A comment every 15 seconds keeps proxies
from closing it. Without an open session the answer is 204, after which a browser does not try again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from kefu.live.hub import Stream, hub
from kefu.web.middleware import POLICY

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PING = 15.0  # seconds of silence
SAFE = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no"), *SAFE]


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["method"] != "GET":
        await _answer(send, 405)
        return
    headers = dict(scope["headers"])
    query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=200)
    since = headers.get(b"last-event-id", b"").decode("latin-1") or _first(query, "since")
    stream = await hub.open(
        _session_key(headers.get(b"cookie", b"").decode("latin-1")),
        query.get("show", []),
        _first(query, "looks"),
        _first(query, "screen")[:40],
        int(since) if since.isascii() and since.isdecimal() and len(since) < 19 else -1,
    )
    if stream is None:
        await _answer(send, 204)
        return
    gone = asyncio.ensure_future(_gone(receive, stream))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _carry(stream, gone, send)
    finally:
        gone.cancel()
        hub.close(stream)


async def _carry(stream: Stream, gone: asyncio.Future[None], send: Send) -> None:
    await _part(send, b"retry: 2000\n\n" + stream.take())
    while not (gone.done() or stream.over):
        try:
            await asyncio.wait_for(stream.wake.wait(), PING)
        except TimeoutError:
            await _part(send, b": still here\n\n")
            continue
        stream.wake.clear()
        if not gone.done():
            await _part(send, stream.take())
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive, stream: Stream) -> None:
    """Returns when the browser has closed the stream."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.wake.set()


async def _part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": SAFE})
    await send({"type": "http.response.body", "body": b""})


def _session_key(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


def _first(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0]
