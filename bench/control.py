"""CPU time of an order and of a GET with and without `--control`, and in another checkout: the cost of its stages.

    .venv/bin/python -m bench.control [OTHER] [--rounds N]

OTHER is the folder of another checkout. All servers run at once and take turns of a few requests each, so that other
load of the machine affects all of them equally. Read is the CPU time of the event loop's thread. The figures are the
median of all turns, and that of the fastest tenth, which other load disturbs least.
"""

import argparse
import json
import random
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from bench.running import ROOT, TIMEOUT_S, machine, median, start, stop, table

REQUESTS = 20
WARM_TURNS = 5
FLAGS = ("--ephemeral", "--port", "0", "--tick-ms", "10000", "--speed", "0.1", "--log-level", "warning")
"""Little happens between the requests: market time and ticks are slow."""

TOPICS = ("orders", "executions", "positions")
UPGRADE = (
    "GET /api/v1/ws HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Variant(NamedTuple):
    """A server that is measured."""

    name: str
    checkout: Path
    flags: tuple[str, ...]


def frame(text: str) -> bytes:
    """Return a masked WebSocket frame of up to 125 bytes; the mask is zero."""
    return bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text.encode()


class Running:
    """A server in its process, with a subscriber and a connection for requests."""

    def __init__(self, variant: Variant) -> None:
        self.process = start([sys.executable, "run.py", *FLAGS, *variant.flags], variant.checkout)
        assert self.process.stdout is not None
        address = self.process.stdout.readline().strip().removeprefix("listening on http://")
        host, _, port = address.partition(":")
        self._subscriber = socket.create_connection((host, int(port)), timeout=TIMEOUT_S)
        self._subscriber.sendall(UPGRADE.format(address).encode())
        for topic in TOPICS:
            payload = {"accountId": "DEMO-ACCOUNT"}
            self._subscriber.sendall(frame(json.dumps({"type": f"{topic}.subscribe", "payload": payload})))
        self._subscriber.setblocking(False)
        self._connection = HTTPConnection(address, timeout=TIMEOUT_S)

    def turn(self, scene: str) -> float:
        """Send requests, one after the other; return the CPU time of one in microseconds."""
        before = self._cpu_ns()
        for number in range(REQUESTS):
            if scene == "order":
                order = {"symbol": "AAPL", "type": 2, "side": 1 if number % 2 else -1, "qty": 10}
                self._ask("POST", "/api/v1/broker/orders", json.dumps(order))
            else:
                self._ask("GET", "/api/v1/broker/config", None)
        used = self._cpu_ns() - before
        with suppress(BlockingIOError):
            while self._subscriber.recv(1 << 16):
                pass
        return used / REQUESTS / 1000

    def close(self) -> None:
        """Stop it."""
        self._connection.close()
        self._subscriber.close()
        stop([self.process])

    def _ask(self, method: str, path: str, body: str | None) -> None:
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        reply = self._connection.getresponse()
        text = reply.read()
        assert reply.status == 200, text

    def _cpu_ns(self) -> int:
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text(encoding="ascii").split()[0])


def figures(times: Sequence[float]) -> tuple[float, float]:
    """Return the median of all turns but the first ones, and of their fastest tenth."""
    ordered = sorted(times[WARM_TURNS:])
    return median(ordered), median(ordered[: len(ordered) // 10 + 1])


def main() -> None:
    """Print the CPU time of a request for every variant and scene."""
    parser = argparse.ArgumentParser()
    parser.add_argument("other", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=60)
    given = parser.parse_args()
    variants = [Variant("without --control", ROOT, ()), Variant("--control, no fault", ROOT, ("--control",))]
    if given.other is not None:
        variants += [Variant("other", given.other, ()), Variant("other, --control", given.other, ("--control",))]
    servers = {variant.name: Running(variant) for variant in variants}
    try:
        for scene in ("order", "get"):
            rounds: dict[str, list[float]] = {name: [] for name in servers}
            for _ in range(WARM_TURNS + given.rounds):
                for name in random.sample(list(servers), len(servers)):
                    rounds[name].append(servers[name].turn(scene))
            rows = []
            bases = figures(rounds[variants[0].name])
            for name, times in rounds.items():
                found = figures(times)
                ratios = [f"{own / base:.2f}" for own, base in zip(found, bases, strict=True)]
                rows.append((name, f"{found[0]:.0f}", ratios[0], f"{found[1]:.0f}", ratios[1]))
            columns = ("server", "us", "ratio", "us of the fastest tenth", "ratio")
            table(f"{scene}: CPU of one ({machine()})", columns, rows)
    finally:
        for server in servers.values():
            server.close()


if __name__ == "__main__":
    main()
