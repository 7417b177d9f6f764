"""The load generator for REST: connections that are kept alive, each with one order under way, for some seconds.

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
    """Return an order that fills at once, buying and selling in turns, so that the account stays as it is."""
    order = {"symbol": "AAPL", "type": 2, "side": 1 if number % 2 else -1, "qty": 1}
    body = json.dumps(order).encode()
    head = b"POST /api/v1/broker/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def is_whole(answer: bytes) -> bool:
    """Whether an answer has arrived with its whole body."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return len(body) >= int(length[15:])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--core", type=int, default=-1)
    chosen = parser.parse_args()
    if chosen.core >= 0:
        os.sched_setaffinity(0, {chosen.core})
    selector, bodies = selectors.EpollSelector(), [request(0), request(1)]
    answers: dict[int, bytes] = {}
    sent_at: dict[int, float] = {}
    done = failed = 0
    latencies: list[float] = []
    for number in range(chosen.clients):
        client = socket.create_connection(("127.0.0.1", chosen.port), timeout=10)
        selector.register(client, selectors.EVENT_READ)
        answers[client.fileno()], sent_at[client.fileno()] = b"", time.monotonic()
        client.sendall(bodies[number % 2])
    began = time.monotonic()
    end = began + WARM_S + chosen.seconds
    while (now := time.monotonic()) < end:
        for key, _ in selector.select(1.0):
            client, place = key.fileobj, key.fd
            answers[place] += client.recv(1 << 16)  # type: ignore[union-attr]
            if not is_whole(answers[place]):
                continue
            if now - began > WARM_S:
                done += 1
                failed += not answers[place].startswith(b"HTTP/1.1 200")
                latencies.append(time.monotonic() - sent_at[place])
            answers[place], sent_at[place] = b"", time.monotonic()
            client.sendall(bodies[(done + place) % 2])  # type: ignore[union-attr]
    latencies.sort()
    p99 = latencies[len(latencies) * 99 // 100] * 1000
    print(json.dumps({"requests": done, "failed": failed, "per_s": done / chosen.seconds, "p99_ms": p99}))


main()
