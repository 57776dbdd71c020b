"""What is sent reaches a real mail server, is tried again when that fails, and goes out once."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kefu.portal import delivery
from kefu.portal.tests.street import sent_in, work_off
from tests.cast import Cast

pytestmark = pytest.mark.db
ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
fails: list[str] = []
sent: list[delivery.Text] = []


def flaky(text: delivery.Text) -> None:
    """A way of delivery that is out of order as long as `fails` holds something."""
    if fails:
        fails.pop()
        raise OSError("the line is busy")
    sent.append(text)


@pytest.fixture
def mail_server() -> Iterator[tuple[int, list[bytes]]]:
    """Port and mailbox of a server that speaks just enough SMTP."""
    box: list[bytes] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while word := self.rfile.readline():
                verb = word[:4].upper()
                self.wfile.write(ANSWERS.get(verb, b"250 fine\r\n"))
                if verb == b"DATA":
                    lines = []
                    while (line := self.rfile.readline()) != b".\r\n":
                        lines.append(line)
                    box.append(b"".join(lines))
                    self.wfile.write(b"250 kept\r\n")
                if verb == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], box
        server.shutdown()


def test_a_confirmation_is_mailed_with_an_id_fixed_before(
    cast: Cast, settings: Any, mail_server: tuple[int, list[bytes]]
) -> None:
    port, box = mail_server
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "客服 <desk@yunting.example>"
    settings.KEFU_DELIVER = {"phone": "", "mail": "smtp"}
    settings.KEFU_URL = "https://desk.yunting.example"

    case = sent_in(Client(), timezone.now(), mail="wang@example.com")
    work_off(timezone.now())

    (raw,) = box
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["To"] == "wang@example.com"
    assert mail["Subject"] == f"云庭物业 {case.number}"
    assert mail["Message-ID"] == f"<portal.send_confirmation.{case.pk}@yunting.example>"
    body = mail.get_content()
    assert "https://desk.yunting.example/portal/open/" in body
    assert "厨房" not in body


def test_what_could_not_be_sent_is_tried_again_and_goes_out_once(cast: Cast, settings: Any) -> None:
    settings.KEFU_DELIVER = {"phone": f"{__name__}.flaky", "mail": ""}
    fails[:], sent[:] = ["busy"] * 4, []

    case = sent_in(Client(), timezone.now())
    for hours in range(8):
        work_off(timezone.now() + timedelta(hours=hours))

    assert [text.key for text in sent] == [f"portal.send_confirmation:{case.pk}"]
    assert sent[0].contact == "+8613812345678"
