"""The load generator for REST: keep-alive connections, each with one order in flight, for some seconds.

Prints one JSON line: requests, failures, requests a second, latency.
"""

import argparse
import json
import os
import selectors
import socket
import time

WARM_S = 0.5


def request(number: int) -> bytes:
    """Return a market order; buy and sell orders alternate, so that the position stays small."""
    order = {"symbol": "AAPL", "type": 2, "side": -1 if number % 2 else 1, "qty": 1}
    body = json.dumps(order).encode()
    head = b"POST /api/v1/broker/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


REQUESTS = request(0), request(1)


def is_whole(answer: bytes) -> bool:
    """Whether an answer has arrived with its whole body."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return len(body) >= int(length[15:])


class Client:
    """A connection with one order in flight."""

    sent = 0

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.send()

    def send(self) -> None:
        """Send the next order; every second order of all connections sells."""
        self.answer = b""
        self.sent_at = time.monotonic()
        self.socket.sendall(REQUESTS[Client.sent % 2])
        Client.sent += 1


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--core", type=int, default=-1)
    chosen = parser.parse_args()
    if chosen.core >= 0:
        os.sched_setaffinity(0, {chosen.core})
    return chosen


def main() -> None:
    chosen = options()
    selector = selectors.EpollSelector()
    for _ in range(chosen.clients):
        client = Client(chosen.port)
        selector.register(client.socket, selectors.EVENT_READ, client)
    done = failed = 0
    latencies: list[float] = []
    began = time.monotonic()
    while (now := time.monotonic()) < began + WARM_S + chosen.seconds:
        for key, _ in selector.select(1.0):
            client = key.data
            client.answer += client.socket.recv(1 << 16)
            if not is_whole(client.answer):
                continue
            if now - began > WARM_S:
                done += 1
                failed += not client.answer.startswith(b"HTTP/1.1 200")
                latencies.append(1000 * (time.monotonic() - client.sent_at))
            client.send()
    latencies.sort()
    p50, p99 = (latencies[len(latencies) * part // 100] for part in (50, 99))
    print(
        json.dumps({"requests": done, "failed": failed, "per_s": done / chosen.seconds, "p50_ms": p50, "p99_ms": p99})
    )


main()
