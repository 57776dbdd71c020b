"""A writer that is killed again and again, and the client that repeats what was not acknowledged.

The writer (a process forked for each life, so that a life begins in milliseconds) does write after write and
acknowledges each over a pipe after its commit. The client kills it with SIGKILL at random instants and starts the
next one at the first write that was not acknowledged: that one may be done already, and must not be done twice.

    python -m tests.durability.killing      (the nursery: reads "first last" a line, forks a writer for each)
"""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.durability.desk import Desk, set_up, surroundings

LONGEST_LIFE = 60.0  # seconds without an answer after which the writer counts as hanging


@dataclass
class Course:
    """What the client saw."""

    acknowledged: int = 0
    kills: int = 0
    slowest_start: float = 0.0  # seconds from starting a writer to its first acknowledgement


def killed_course(address: str, writes: int, kills: int, seed: int) -> Course:
    """Have writes 1..`writes` done and acknowledged with `kills` kills on the way, or a few more writes until they
    were as many.

    A life lasts a random number of writes and then a random part of one more, so that kills fall anywhere in a
    write: before it, inside its transaction, in its commit, between commit and acknowledgement.
    """
    chance = random.Random(seed)
    course = Course()
    usual = 0.02  # seconds of one write; learnt on the way
    nursery = subprocess.Popen(
        [sys.executable, "-m", __name__],
        env=surroundings(address),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    try:
        last = writes
        while course.acknowledged < last or course.kills < kills:
            if course.acknowledged == last:
                last += 3
            nursery.stdin.write(f"{course.acknowledged + 1} {last}\n".encode())
            left = kills - course.kills
            # the mean life is what spreads the kills that are left over the writes that are left
            whole = chance.randint(0, 2 * (last - course.acknowledged) // (left + 1)) if left > 0 else last
            usual = _life(nursery.stdout.fileno(), course, last, whole, usual, chance)
    finally:
        nursery.stdin.close()
        nursery.wait(timeout=30)
        nursery.stdout.close()
    return course


def _life(told: int, course: Course, end: int, whole: int, usual: float, chance: random.Random) -> float:
    """Follow one writer to its end: killed after `whole` acknowledgements and a part of a write, or finished."""
    begun = time.perf_counter()
    writer = int(_line(told))
    first = course.acknowledged
    last = begun
    while course.acknowledged < end:
        if course.acknowledged - first >= whole:
            ready, _, _ = select.select([told], [], [], chance.uniform(0, 1.2 * usual))
            if not ready:
                os.kill(writer, signal.SIGKILL)
                course.kills += 1
                break
        line = _line(told)
        now = time.perf_counter()
        if course.acknowledged == first:
            course.slowest_start = max(course.slowest_start, now - begun)
        else:
            usual = 0.9 * usual + 0.1 * (now - last)
        last = now
        assert int(line) == course.acknowledged + 1, f"write {line} acknowledged out of turn"
        course.acknowledged += 1
    # what it said before it died counts: a client may have read it
    while (line := _line(told)) != "gone":
        assert int(line) == course.acknowledged + 1, f"write {line} acknowledged out of turn"
        course.acknowledged += 1
    return usual


def _line(told: int) -> str:
    """One line from the nursery or its writer. Each is written at once and never larger than a pipe's atom."""
    ready, _, _ = select.select([told], [], [], LONGEST_LIFE)
    assert ready, "the writer hangs"
    text = b""
    while not text.endswith(b"\n"):
        byte = os.read(told, 1)
        assert byte, f"the nursery ended after {text!r}"
        text += byte
    return text.decode().strip()


def _nursery() -> None:
    for line in sys.stdin:
        first, last = map(int, line.split())
        begin, hold = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hold)
            os.read(begin, 1)  # until the parent has said who it is
            desk = Desk.of_rows()
            for number in range(first, last + 1):
                desk.write(number)
                os.write(1, b"%d\n" % number)
            os._exit(0)
        os.close(begin)
        os.write(1, b"%d\n" % child)
        os.close(hold)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            sys.exit(f"the writer failed with {os.WEXITSTATUS(status)}")
        os.write(1, b"gone\n")


if __name__ == "__main__":
    set_up()
    _nursery()
