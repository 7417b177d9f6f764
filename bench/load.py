"""The load generator for fan-out: many clients that only read, in a separate process and on a separate core.

On request it prints the number of messages since the last request, and the latency of the first message of each read.
On request some of its clients stop reading.
"""

import argparse
import json
import os
import re
import select
import socket
import sys
import time
from typing import Any

from bench.running import allow_many_sockets

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
READ_BYTES = 1 << 16
TOPICS = [[first, *second] for second in ([], ["EURUSD"]) for first in ("AAPL", "MSFT", "GOOGL", "JPM")]
TIMEOUT_S = 20.0
GATHER_EVENTS = 64
"""Sockets that are read in one pass."""

HEAD = b"\x81\x7e"
"""First bytes of a counted frame: final, text, 126 to 65,535 bytes. Bodies are ASCII, so they never contain them."""

STDIN = 0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/ws")
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--subscribe", type=int, default=0, help="topics to ask for, on a server that has topics")
    parser.add_argument("--exact", action="store_true", help="ask for orders, not for quotes")
    parser.add_argument("--pause-ms", type=int, default=0, help="time between two looks at the sockets")
    parser.add_argument("--stamp", default='"at":', help="text before the monotonic nanoseconds in an update")
    parser.add_argument("--core", type=int, default=-1)
    chosen = parser.parse_args()
    if chosen.core >= 0:
        os.sched_setaffinity(0, {chosen.core})
    allow_many_sockets()
    return chosen


def masked(text: str) -> bytes:
    """Return a message as a client's frame; the mask is zero."""
    data = text.encode()
    size = bytes((0x80 | len(data),)) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return b"\x81" + size + b"\0\0\0\0" + data


def connect(chosen: argparse.Namespace) -> socket.socket:
    """Open a WebSocket and subscribe."""
    client = socket.create_connection(("127.0.0.1", chosen.port), timeout=10)
    client.sendall(UPGRADE.format(path=chosen.path, port=chosen.port).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += client.recv(1024)
    wishes: list[tuple[str, dict[str, Any]]] = [
        ("quotes", {"symbols": [], "fast_symbols": names}) for names in TOPICS[: chosen.subscribe]
    ]
    for route, payload in [("orders", {"accountId": "DEMO-ACCOUNT"})] if chosen.exact else wishes:
        client.sendall(masked(json.dumps({"type": f"{route}.subscribe", "payload": payload})))
        answer = b""
        while b'"ok"' not in answer:  # updates of earlier topics may come first
            answer += client.recv(4096)
            assert b'"error"' not in answer, answer
    client.setblocking(False)
    return client


class Load:
    """The clients, and the messages received since the last report."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.pause_s = chosen.pause_ms / 1000
        self.stamp = chosen.stamp.encode()
        self.clients = {client.fileno(): client for client in (connect(chosen) for _ in range(chosen.clients))}
        self.stalled: set[int] = set()
        self.cut_at: list[float] = []
        self.messages = 0
        self.stamps: list[tuple[int, bytes]] = []
        self.buffer = bytearray(READ_BYTES)
        self.view = memoryview(self.buffer)
        self.epoll = select.epoll()
        for number in self.clients:
            self.epoll.register(number, select.EPOLLIN)
        self.epoll.register(STDIN, select.EPOLLIN)

    def run(self) -> None:
        """Read from the clients and answer requests on standard input, until standard input ends."""
        while True:
            for number, _ in self.epoll.poll(1.0, GATHER_EVENTS if not self.pause_s else -1):
                if number == STDIN:
                    order = sys.stdin.readline()
                    if not order:
                        return
                    print(json.dumps(self.obey(**json.loads(order))), flush=True)
                else:
                    self.read(number)
            if self.pause_s:
                time.sleep(self.pause_s)

    def read(self, number: int) -> None:
        """Read from one client."""
        if number in self.stalled:
            self.cut_at.append(time.monotonic())
            self.leave(number)
            return
        try:
            size = self.clients[number].recv_into(self.buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if not size:
            self.leave(number)
            return
        self.messages += self.buffer.count(HEAD, 0, size)
        at = self.buffer.find(self.stamp, 0, size)
        if at > 0:
            begin = at + len(self.stamp)
            self.stamps.append((time.monotonic_ns(), bytes(self.view[begin : begin + 27])))

    def leave(self, number: int) -> None:
        """Drop a client that the server closed."""
        self.epoll.unregister(number)
        self.clients.pop(number).close()

    def obey(self, expect: int = 0, stall: int = 0) -> dict[str, float]:
        """Stall `stall` clients; report when `expect` messages have arrived, or after a timeout."""
        for number in list(self.clients)[:stall]:
            self.stalled.add(number)
            self.epoll.modify(number, 0)
        deadline = time.monotonic() + TIMEOUT_S
        while self.messages < expect and time.monotonic() < deadline:
            for number, _ in self.epoll.poll(0.1):
                if number != STDIN:
                    self.read(number)
        found: dict[str, float] = {"messages": self.messages, "cut": len(self.cut_at)}
        found |= {"last_cut_at": max(self.cut_at)} if self.cut_at else {}
        matches = ((then, re.match(rb"\d+", text)) for then, text in self.stamps)
        waits = sorted(then - int(match[0]) for then, match in matches if match)
        found |= {f"p{part}_ms": waits[len(waits) * part // 100] / 1e6 for part in (50, 99) if waits}
        self.messages = 0
        self.stamps.clear()
        return found


if __name__ == "__main__":
    Load(options()).run()
