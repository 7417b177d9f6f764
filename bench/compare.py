"""Compares another commit of this server with this checkout: speed, start and memory, in one run.

    .venv/bin/python -m bench.compare OTHER [--rounds N] [--only SCENE]

OTHER is a checkout or a commit; a commit is checked out into a temporary worktree, which is removed at the end. Both
servers are started with `run.py` and used over HTTP and WebSocket only, with the load generators of this checkout, each
process on a core of its own. A round runs every scene with both servers, in random order. A figure is the median over
the rounds, a ratio the median of the ratios within each round.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from bench.pairs import tell
from bench.running import (
    ROOT,
    TIMEOUT_S,
    Result,
    allow_many_sockets,
    cores,
    line,
    machine,
    median,
    pin,
    python,
    start,
    stop,
    table,
)

THIS, OTHER = "this", "other"
SUBSCRIBERS = 1000
CONNECTIONS = 32
MEMORY_WARM, MEMORY_CLIENTS = 2000, 3000
"""Clients before and after the first memory reading; the first ones fill memory that the process already has."""
ORDERS_PER_S = 10
WARM_S = 0.5
STOP_TIMEOUT_S = 20.0
TICKS_50_HZ = ("--tick-ms", "20", "--speed", "10")
"""Options for a new quote at every tick: the synthetic market makes one in each 200 ms of market time."""

NO_PINGS = ("--ping-s", "3600")
"""The load generator does not answer pings."""

ONE_QUOTE = ("--subscribe", 1)


class Running(NamedTuple):
    """A server that answers.

    Attributes:
        start_s: Seconds from the start of the process until health answered 200.
    """

    process: "subprocess.Popen[str]"
    port: int
    start_s: float

    def cpu_s(self) -> float:
        """Return the CPU seconds of the process so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_kib(self) -> int:
        """Return the resident memory of the process."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(text.split()[1]) for text in lines if text.startswith("VmRSS"))


class Goal(NamedTuple):
    """A bound on a ratio (this checkout to the other) or on a figure of this checkout."""

    figure: str
    bound: float
    is_most: bool = True
    is_ratio: bool = True

    def verdict(self, ratio: float, figure: float) -> str:
        """Return the bound and whether it is met, as a cell of the table."""
        value = ratio if self.is_ratio else figure
        is_met = value <= self.bound if self.is_most else value >= self.bound
        sign = "<=" if self.is_most else ">="
        return f"{sign} {self.bound:g}{'x' if self.is_ratio else ''} {'met' if is_met else 'NOT met'}"


@contextmanager
def server(root: Path, *options: str) -> Iterator[Running]:
    """Run the server of a checkout. Raises: RuntimeError when it does not start or is not healthy."""
    began = time.perf_counter()
    command = [*pin(cores()[0]), sys.executable, "run.py", "--port", "0", "--log-level", "error", *NO_PINGS, *options]
    process = start(command, root)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first.startswith("listening on "):
            raise RuntimeError(f"{root}: the server ended with {process.wait(TIMEOUT_S)}")
        port = int(first.rpartition(":")[2])
        connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        connection.request("GET", "/api/v1/health")
        if (status := connection.getresponse().status) != 200:
            raise RuntimeError(f"{root}: health answers {status}")
        connection.close()
        yield Running(process, port, time.perf_counter() - began)
    finally:
        process.terminate()  # SIGKILL would leave the snapshot process running
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_TIMEOUT_S)
        stop([process])


@contextmanager
def stored_server(root: Path) -> Iterator[Running]:
    """Run a server with an empty data directory on the disk of the checkout."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT) as folder, server(root, "--data-dir", folder) as one:
        yield one


@contextmanager
def subscribers(running: Running, clients: int, *options: object) -> Iterator["subprocess.Popen[str]"]:
    """Connect WebSocket clients in a separate process."""
    wanted = ["--port", running.port, "--path", "/api/v1/ws", "--clients", clients, "--core", cores()[1]]
    load = start(python("bench.load", *wanted, *options))
    try:
        tell(load)  # answers when all clients are connected
        yield load
    finally:
        stop([load])


def durable(root: Path, seconds: float) -> Result:
    """Measure filled orders with a data directory: every answer follows an fsync."""
    with stored_server(root) as running:
        wanted = ["--port", running.port, "--clients", CONNECTIONS, "--seconds", seconds, "--core", cores()[1]]
        load = start(python("bench.rest_load", *wanted))
        try:
            found: Result = line(load)
        finally:
            stop([load])
    if found["failed"]:
        raise RuntimeError(f"{root}: {found['failed']:.0f} orders failed")
    return {"durable orders/s": found["per_s"], "durable p99 ms": found["p99_ms"]}


def fan_out(root: Path, seconds: float, topics: int, name: str) -> Result:
    """Measure the CPU time of the server for each delivered quotes update, and the updates per client.

    The ratio is valid only if both servers deliver the same number of updates: on a busy machine they conflate them.
    """
    with server(root, "--ephemeral", *TICKS_50_HZ) as running:
        options = ("--subscribe", topics, "--pause-ms", 2)
        with subscribers(running, SUBSCRIBERS, *options) as load:
            time.sleep(WARM_S)
            tell(load)
            before = running.cpu_s()
            time.sleep(seconds)
            used_s, messages = running.cpu_s() - before, tell(load)["messages"]
    delivered = messages / SUBSCRIBERS / topics / seconds
    return {f"{name}, us a message": 1e6 * used_s / messages, f"{name}, updates/s delivered": delivered}


def one_topic(root: Path, seconds: float) -> Result:
    """Measure the fan-out of one topic."""
    return fan_out(root, seconds, 1, "one topic")


def eight_topics(root: Path, seconds: float) -> Result:
    """Measure the fan-out of eight topics that tick together."""
    return fan_out(root, seconds, 8, "eight topics")


def latency(root: Path, seconds: float) -> Result:
    """Measure the time from sending an order until each subscriber has received its update."""
    with server(root, "--ephemeral") as running:
        options = ("--exact", "--stamp", '"clientOrderId":"')
        with subscribers(running, SUBSCRIBERS, *options) as load:
            orders = HTTPConnection("127.0.0.1", running.port, timeout=TIMEOUT_S)
            for number in range(round(seconds * ORDERS_PER_S)):
                order = {"symbol": "AAPL", "type": 2, "side": -1 if number % 2 else 1, "qty": 1}
                body = json.dumps(order | {"clientOrderId": str(time.monotonic_ns())})
                orders.request("POST", "/api/v1/broker/orders", body, {"Content-Type": "application/json"})
                orders.getresponse().read()
                time.sleep(1 / ORDERS_PER_S)
            found = tell(load)
    return {"latency p50 ms": found["p50_ms"], "latency p99 ms": found["p99_ms"]}


def starting(root: Path, _seconds: float) -> Result:
    """Measure a start with an empty data directory."""
    with stored_server(root) as running:
        return {"start s": running.start_s}


def memory(root: Path, _seconds: float) -> Result:
    """Measure the resident memory of a WebSocket with one subscription."""
    with server(root, "--ephemeral", "--tick-ms", "60000") as running, subscribers(running, MEMORY_WARM, *ONE_QUOTE):
        before = running.resident_kib()
        with subscribers(running, MEMORY_CLIENTS, *ONE_QUOTE):
            return {"KiB a connection": (running.resident_kib() - before) / MEMORY_CLIENTS}


SCENES: dict[str, Callable[[Path, float], Result]] = {
    "durable": durable,
    "one": one_topic,
    "eight": eight_topics,
    "latency": latency,
    "start": starting,
    "memory": memory,
}
GOALS = [
    Goal("durable orders/s", 0.85, is_most=False),
    Goal("one topic, us a message", 1.05),
    Goal("eight topics, us a message", 1.05),
    Goal("latency p99 ms", 1.1),
    Goal("start s", 1.1),
    Goal("KiB a connection", 12.0, is_ratio=False),
]
Round = dict[str, Result]
"""The figures of both servers, by `THIS` and `OTHER`."""


@contextmanager
def checkout(other: str) -> Iterator[Path]:
    """Yield the folder of a checkout or a commit. Raises: subprocess.CalledProcessError for an unknown commit."""
    if Path(other).is_dir():
        yield Path(other).resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="compare-"))
    try:
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(folder), other], cwd=ROOT, check=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["git", "worktree", "prune"], cwd=ROOT, check=True)


def play(scene: Callable[[Path, float], Result], other: Path, seconds: float) -> Round:
    """Run a scene with both servers, in random order."""
    roots = {THIS: ROOT, OTHER: other}
    return {name: scene(roots[name], seconds) for name in random.sample(list(roots), 2)}


def rows(rounds: list[Round]) -> list[list[str]]:
    """Return a line of the table for each figure of a scene."""
    goals, lines = {goal.figure: goal for goal in GOALS}, []
    for figure in rounds[0][THIS]:
        this, other = (median(one[name][figure] for one in rounds) for name in (THIS, OTHER))
        ratio = median(one[THIS][figure] / one[OTHER][figure] for one in rounds)
        verdict = goals[figure].verdict(ratio, this) if figure in goals else ""
        lines.append([figure, f"{other:.2f}", f"{this:.2f}", f"{ratio:.2f}", verdict])
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("other", help="checkout or commit to compare with")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions (5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="load on each server in each round (3)")
    parser.add_argument("--only", choices=SCENES, action="append", help="run this scene only; may be repeated")
    chosen = parser.parse_args()
    allow_many_sockets()
    print(machine(), flush=True)
    scenes = {name: SCENES[name] for name in chosen.only or SCENES}
    with ExitStack() as stack:
        other = stack.enter_context(checkout(chosen.other))
        rounds: dict[str, list[Round]] = {name: [] for name in scenes}
        for _ in range(chosen.rounds):
            for name, scene in scenes.items():
                rounds[name].append(play(scene, other, chosen.seconds))
    lines = [row for name in scenes for row in rows(rounds[name])]
    table(f"{chosen.other} and this checkout, median of {chosen.rounds}", ("", OTHER, THIS, "ratio", "must"), lines)
    print(machine())


if __name__ == "__main__":
    main()
