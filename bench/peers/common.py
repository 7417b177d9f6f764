"""Shared by the Python peers: command line, message, and the paced measurement."""

import argparse
import asyncio
import gc
import json
import os
import resource
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

CONNECT_TIMEOUT_S = 60.0
SETTLE_S = 0.5
DRAIN_S = 0.15


def options() -> argparse.Namespace:
    """Return the command line of a peer, and pin the process to its core."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--topics", type=int, default=1)
    parser.add_argument("--exact", type=int, default=0, help="updates of one exact topic in a tick, not quotes")
    parser.add_argument("--core", type=int, default=-1)
    chosen = parser.parse_args()
    if chosen.core >= 0:
        os.sched_setaffinity(0, {chosen.core})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return chosen


def payload(topic: int) -> dict[str, Any]:
    """Return an update as large as a quote; `at` is the monotonic time in nanoseconds."""
    return {
        "s": "ok",
        "n": f"SYM{topic}",
        "v": {
            "lp": 187.23,
            "ask": 187.24,
            "bid": 187.22,
            "spread": 0.02,
            "open_price": 186.1,
            "high_price": 188.02,
            "low_price": 185.9,
            "prev_close_price": 186.4,
            "volume": 1234567.0,
            "ch": 0.83,
            "chp": 0.445,
        },
        "at": time.monotonic_ns(),
    }


def message(topic: int) -> dict[str, Any]:
    """Return the message of a server without topics, in the same envelope as ours."""
    return {"type": "quotes.update", "payload": {"topic": f"quotes:{topic}", "payload": payload(topic), "seq": topic}}


def tcp_listener() -> socket.socket:
    """Return a listening socket. It names its protocol: asyncio sets TCP_NODELAY only on sockets that do."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    return listener


def listening(port: int) -> None:
    """Print the port for the benchmark."""
    print(json.dumps({"port": port}), flush=True)


def memory_kib() -> int:
    """Return the resident memory of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def measure(
    chosen: argparse.Namespace,
    count: Callable[[], int],
    tick: Callable[[], Awaitable[None]],
    more: Callable[[], dict[str, float]] = dict,
) -> None:
    """Wait for the clients, print the memory of each, then play the rounds that come on standard input until it ends.

    Args:
        chosen: The options.
        count: Returns the number of clients.
        tick: Publishes to every topic once.
        more: Returns more figures after a round.
    """
    loop = asyncio.get_running_loop()
    before_kib, warm = 0, min(50, chosen.clients)
    deadline = loop.time() + CONNECT_TIMEOUT_S
    while count() < chosen.clients:
        if loop.time() > deadline:
            sys.exit("not all clients connected in time")
        if not before_kib and count() >= warm:
            before_kib, warm = memory_kib(), count()
        await asyncio.sleep(0.01)
    await asyncio.sleep(SETTLE_S)
    gc.collect()
    per_client_kib = (memory_kib() - before_kib) / max(1, chosen.clients - warm)
    print(json.dumps({"client_kib": per_client_kib}), flush=True)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while order := await orders.readline():
        print(json.dumps({"cpu_s": await play(tick, **json.loads(order)), **more()}), flush=True)
    os._exit(0)


async def play(tick: Callable[[], Awaitable[None]], rate: float, ticks: int) -> float:
    """Tick at a rate; returns the CPU seconds of the process meanwhile."""
    loop = asyncio.get_running_loop()
    began, cpu = loop.time(), time.process_time()
    for number in range(ticks):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        await tick()
    await asyncio.sleep(DRAIN_S)
    return time.process_time() - cpu
