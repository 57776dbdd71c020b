"""A server that is killed again and again while a program registers cases through the API.

The nursery forks a server (uvicorn, as `kefu serve` runs it) for each life onto one listening socket, so that a life
begins in a moment. The program asks with an Idempotency-Key of its own for each write and asks again, with the same
key, whatever was not answered: that one may be done already, and must not be done twice.

    python -m tests.durability.serving FD      (the nursery: starts a server for each line it reads)
"""

from __future__ import annotations

import http.client
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time

from tests.durability.desk import CALLER, key, set_up, surroundings
from tests.durability.killing import Course

ACCEPTED = {"move": "accepted", "values": {"fault": "lighting", "size": "small"}}
NEW = {
    "kind": "repair",
    "subject": "电梯停运",
    "body": "三单元电梯停运三天",
    "values": CALLER | {"content": "厨房水管漏水"},
}
PATIENCE = 60.0  # seconds without an answer after which the server counts as hanging


def served_course(
    address: str, token: str, writes: int, kills: int, seed: int
) -> tuple[Course, dict[int, str]]:
    """Have writes 1..`writes` done through the API with `kills` kills on the way, or a few more writes until they
    were as many; the case number that each answer named."""
    chance = random.Random(seed)
    course, answers = Course(), {}
    usual = 0.05  # seconds of one request; learnt on the way
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listening:
        nursery = subprocess.Popen(
            [sys.executable, "-m", __name__, str(listening.fileno())],
            env=surroundings(address),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[listening.fileno()],
            bufsize=0,
        )
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        try:
            last, server = writes, nursery.pid
            while course.acknowledged < last or course.kills < kills:
                if course.acknowledged == last:
                    last += 3
                nursery.stdin.write(b"serve\n")
                server = int(nursery.stdout.readline())
                left = kills - course.kills
                whole = (
                    chance.randint(0, 2 * (last - course.acknowledged) // (left + 1)) if left > 0 else last
                )
                program = Program(listening.getsockname()[1], token)
                usual = _life(program, course, answers, last, whole, usual, chance)
                os.kill(server, signal.SIGKILL)
                program.close()
                assert nursery.stdout.readline() == b"gone\n"
        finally:
            nursery.stdin.close()
            if (
                sys.exc_info()[0] is not None
            ):  # the server that was asked still lives, and the nursery waits for it
                os.kill(server, signal.SIGKILL)
            nursery.wait(timeout=30)
            nursery.stdout.close()
    return course, answers


def _life(
    program: Program,
    course: Course,
    answers: dict[int, str],
    end: int,
    whole: int,
    usual: float,
    chance: random.Random,
) -> float:
    """Ask one server until it is to be killed in the middle of a request, or all is done."""
    begun, first = time.perf_counter(), course.acknowledged
    while course.acknowledged < end:
        number = course.acknowledged + 1
        sent = time.perf_counter()
        program.send(number, answers)
        if number - first > whole and not program.answers(chance.uniform(0, 1.2 * usual)):
            course.kills += 1
            break
        answers[number] = program.answer()
        now = time.perf_counter()
        if number - first == 1:
            course.slowest_start = max(course.slowest_start, now - begun)
        else:
            usual = 0.9 * usual + 0.1 * (now - sent)
        course.acknowledged = number
    return usual


class Program:
    """One connection of the program that registers cases."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._token = token

    def send(self, number: int, answers: dict[int, str]) -> None:
        """Ask for the `number`th write: register a repair; every third accepts the last one."""
        path, body = "/api/v1/cases", NEW
        if number % 3 == 0:
            path, body = f"/api/v1/cases/{answers[number - 1]}/moves", ACCEPTED
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key(number),
        }
        self._connection.request("POST", path, json.dumps(body), headers)

    def answers(self, seconds: float) -> bool:
        """Whether an answer begins to arrive in that time."""
        return bool(select.select([self._connection.sock], [], [], seconds)[0])

    def answer(self) -> str:
        """The number of the case that the answer names."""
        response = self._connection.getresponse()
        said = json.loads(response.read())
        assert response.status in (200, 201), said
        return str(said["number"])

    def close(self) -> None:
        self._connection.close()


def _nursery(listening: socket.socket) -> None:
    import uvicorn
    from django.urls import get_resolver

    from kefu.config.asgi import application

    get_resolver()._populate()  # read once here, not in each life
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            config = uvicorn.Config(application, log_level="error", access_log=False)
            uvicorn.Server(config).run(sockets=[listening])
            os._exit(0)
        os.write(1, b"%d\n" % child)
        os.waitpid(child, 0)
        os.write(1, b"gone\n")


if __name__ == "__main__":
    set_up()
    _nursery(socket.socket(fileno=int(sys.argv[1])))
