"""The load generator for fan-out: many clients that only read, in a process and on a core of their own.

Prints one JSON line when the server has ended: messages, and the latency of the first message of each read.
"""

import argparse
import json
import os
import resource
import selectors
import socket
import time

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
READ_BYTES = 1 << 16
TOPICS = [[first, *second] for second in ([], ["EURUSD"]) for first in ("AAPL", "MSFT", "GOOGL", "JPM")]
TIMEOUT_S = 120.0
HEAD = b"\x81\x7e"
"""Begin of every frame that counts: final, text, 126 to 65,535 bytes. Bodies are ASCII, so it occurs nowhere else."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/ws")
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--subscribe", type=int, default=0, help="topics to ask for, on a server that has topics")
    parser.add_argument("--core", type=int, default=-1)
    chosen = parser.parse_args()
    if chosen.core >= 0:
        os.sched_setaffinity(0, {chosen.core})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return chosen


def masked(text: str) -> bytes:
    """Frame a message as a client; the mask is zero."""
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
    for symbols in TOPICS[: chosen.subscribe]:
        wanted = {"symbols": [], "fast_symbols": symbols}
        client.sendall(masked(json.dumps({"type": "quotes.subscribe", "payload": wanted})))
        answer = client.recv(4096)
        assert b'"ok"' in answer, answer
    client.setblocking(False)
    return client


def main() -> None:
    chosen = options()
    selector = selectors.EpollSelector()
    for _ in range(chosen.clients):
        selector.register(connect(chosen), selectors.EVENT_READ)
    messages, latencies, left, deadline = 0, [], chosen.clients, time.monotonic() + TIMEOUT_S
    while left and time.monotonic() < deadline:
        for key, _ in selector.select(1.0):
            client = key.fileobj
            try:
                data = client.recv(READ_BYTES)  # type: ignore[union-attr]
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                selector.unregister(client)
                left -= 1
                continue
            messages += data.count(HEAD)
            at = data.find(b'"at":')
            if at > 0:
                latencies.append(time.monotonic_ns() - int(data[at + 5 : at + 32].partition(b"}")[0]))
    latencies.sort()
    shown = {f"p{part}_ms": latencies[len(latencies) * part // 100] / 1e6 for part in (50, 99)} if latencies else {}
    print(json.dumps({"messages": messages, **shown}))


main()
