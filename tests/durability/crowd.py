"""Several processes that register cases at once on one database.

    python -m tests.durability.crowd PROCESSES EACH

prints JSON: {"refused": [message, …], "took": [seconds, …]}, one item per registration.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.durability.desk import Desk, set_up, surroundings


@dataclass(frozen=True)
class Seen:
    refused: list[str]
    took: list[float]  # seconds of each registration that succeeded


def crowd(address: str, processes: int, each: int) -> Seen:
    """Let `processes` processes register `each` cases at the same time; the desk must be founded."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(processes), str(each)],
        env=surroundings(address),
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    return Seen(**json.loads(done.stdout))


def _children(processes: int, each: int) -> Seen:
    start, go = os.pipe()
    answers = [_child(each, start, go) for _ in range(processes)]
    os.close(go)  # the end of this pipe is the signal to start
    seen = Seen([], [])
    for answer in answers:
        with open(answer, encoding="utf-8") as told:
            said = json.load(told)
        seen.refused.extend(said["refused"])
        seen.took.extend(said["took"])
    for _ in answers:
        os.wait()
    return seen


def _child(each: int, start: int, go: int) -> int:
    read, write = os.pipe()
    if os.fork():
        os.close(write)
        return read
    os.close(go)
    desk = Desk.of_rows()
    os.read(start, 1)
    refused, took = [], []
    for number in range(each):
        begun = time.perf_counter()
        try:
            desk.register("repair", number)
        except Exception as error:  # whatever it is, the parent must hear of it
            refused.append(f"{type(error).__name__}: {error}")
        else:
            took.append(time.perf_counter() - begun)
    with open(write, "w", encoding="utf-8") as out:
        json.dump({"refused": refused, "took": took}, out)
    os._exit(0)


if __name__ == "__main__":
    set_up()
    result = _children(int(sys.argv[1]), int(sys.argv[2]))
    json.dump({"refused": result.refused, "took": result.took}, sys.stdout)
