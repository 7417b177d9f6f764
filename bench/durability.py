"""What durability costs: orders acknowledged per second and their latency, and how long a start takes.

Run from the top folder: `python bench/durability.py [--rounds N] [--seconds S] [--json]`. One run starts, turn by turn
in shuffled order, three servers on loopback and a disk of this machine, and sends each market orders over 32 keep-alive
connections from a process of its own:

    durable     this server with a data directory: every answer is behind an fsync
    ephemeral   this server with --ephemeral: the same work, nothing has to survive
    fastapi     FastAPI on uvicorn, one SQLite transaction with fsync per order, as a tutorial would do it

Figures are medians over the rounds; ratios are medians of the ratios within each round. Apart from that, `--direct`
places orders through engine, publisher and journal of this process, without HTTP, and shows what CPU time one takes on
the loop and on the journal's thread.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, process_time, thread_time
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

OURS = [sys.executable, str(ROOT / "run.py"), "--port", "0", "--log-level", "error"]
CONNECTIONS = 32
EVENTS = 100_000
START_S = 30.0
ORDER = json.dumps({"symbol": "AAPL", "type": 2, "side": 1, "qty": 1}).encode()
REQUEST = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"

FASTAPI = """
import sqlite3, sys
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
db = sqlite3.connect(sys.argv[1], isolation_level=None, check_same_thread=False)
db.execute("PRAGMA journal_mode=WAL")
db.execute("PRAGMA synchronous=FULL")
db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
class Order(BaseModel):
    symbol: str
    type: int
    side: int
    qty: float
@app.post("/orders")
async def place(order: Order):
    number = db.execute("INSERT INTO orders (body) VALUES (?)", (order.model_dump_json(),)).lastrowid
    return {"orderId": f"ORDER-{number}"}
import socket, uvicorn
listener = socket.create_server(("127.0.0.1", 0))
print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listener])
"""


class Rate(NamedTuple):
    """What one server did in one round: answers per second, and milliseconds until one; `alone_ms` with one client."""

    per_s: float
    p50_ms: float
    p99_ms: float
    alone_ms: float


def servers(folder: Path) -> dict[str, tuple[list[str], str]]:
    """Return command line and address of each server."""
    place = "/api/v1/broker/orders"
    return {
        "durable": ([*OURS, "--data-dir", str(folder / "var")], place),
        "ephemeral": ([*OURS, "--ephemeral"], place),
        "fastapi": ([sys.executable, "-c", FASTAPI, str(folder / "orders.db")], "/orders"),
    }


@contextmanager
def running(command: list[str]) -> Iterator[int]:
    """Run a server; gives its port."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().rpartition(":")[2])
    finally:
        process.terminate()
        process.communicate(timeout=START_S)


async def client(port: int, request: bytes, until: float, latencies: list[float]) -> None:
    """Send one order after the other over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := monotonic()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        latencies.append(monotonic() - began)
    writer.close()


async def load(port: int, path: str, connections: int, seconds: float) -> None:
    """Send orders over so many connections and print what came of it."""
    request = REQUEST % (path.encode(), len(ORDER), ORDER)
    await asyncio.gather(*(client(port, request, monotonic() + 0.3, []) for _ in range(connections)))
    latencies: list[float] = []
    until = monotonic() + seconds
    await asyncio.gather(*(client(port, request, until, latencies) for _ in range(connections)))
    latencies.sort()
    count = len(latencies)
    p50, p99 = (1000 * latencies[int(count * part)] for part in (0.5, 0.99))
    print(json.dumps([count / seconds, p50, p99]))


def measure(command: list[str], path: str, seconds: float) -> Rate:
    """Start a server, load it from a process of its own, stop it."""
    with running(command) as port:
        return Rate(*loaded(port, path, CONNECTIONS, seconds), loaded(port, path, 1, seconds / 3)[1])


def loaded(port: int, path: str, connections: int, seconds: float) -> tuple[float, float, float]:
    """Load a server from a process of its own; returns answers per second, and milliseconds p50 and p99."""
    line = [sys.executable, __file__, "--load", str(port), path, str(connections), "--seconds", str(seconds)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=seconds + START_S, check=True)
    per_s, p50_ms, p99_ms = json.loads(done.stdout)
    return per_s, p50_ms, p99_ms


def rates(rounds: int, seconds: float, seed: int) -> list[dict[str, Rate]]:
    """Measure every server once a round, in shuffled order."""
    found = []
    for turn in range(rounds):
        folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT))
        try:
            table = list(servers(folder).items())
            random.Random(seed + turn).shuffle(table)
            found.append({name: measure(*how, seconds) for name, how in table})
        finally:
            shutil.rmtree(folder)
    return found


def fill(path: Path, count: int) -> None:
    """Write a journal of so many events: market orders, and orders that rest and are canceled."""
    from engine.core import Engine, EngineSettings
    from engine.datafeed.instruments import Catalogue
    from engine.datafeed.market import Market
    from engine.datafeed.synthetic import SyntheticFeed
    from engine.models.broker.orders import PreOrder
    from server.clock import SystemClock
    from server.groups import Group
    from server.journal import Disk
    from server.recovery import open_storage

    catalogue = Catalogue.load()
    recovered = open_storage(path, catalogue.by_name, 1)
    market = Market(catalogue, SyntheticFeed(catalogue, 1))
    engine = Engine(market, SystemClock(), Nobody(), EngineSettings(), recovered.broker)
    disk = Disk(recovered.connection, recovered.directory, recovered.head)
    group = Group(recovered.head)
    batches = [engine.open()]
    for number in range(1, count):
        side = 1 if number % 2 else -1
        order = PreOrder.model_validate({"symbol": "AAPL", "type": 2, "side": side, "qty": 1})
        batches.append(engine.place_order(None, order).batch)
        if number % 4 == 0:
            rest = PreOrder.model_validate({"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 1.0})
            placed = engine.place_order(None, rest)
            batches += [placed.batch, engine.cancel_order(None, placed.value).batch]
        for batch in batches:
            group.add(batch, recovered.numbers, lambda _error: None)
        batches.clear()
        if len(group.events) > 1000:
            disk.write(group)
            group = Group(group.head)
        if group.head.seq >= count:
            break
    disk.write(group)
    disk.close()
    assert recovered.directory is not None
    recovered.directory.unlock()


class Nobody:
    """An interest in nothing."""

    def wants(self, _channel: str) -> bool:
        """Whether the channel has a subscriber."""
        return False

    def topics(self, _route: str) -> list[Any]:
        """Return the topics of a route."""
        return []


def starts(rounds: int) -> dict[str, list[float]]:
    """Measure seconds from the start of the process until it is ready: empty, without a snapshot, and with one."""
    found: dict[str, list[float]] = {"empty": [], "replay": [], "snapshot": []}
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT))
    try:
        fill(folder / "var", EVENTS)
        for _ in range(rounds):
            shutil.rmtree(folder / "var/snapshots", ignore_errors=True)
            found["empty"].append(start(folder / "empty"))
            found["replay"].append(start(folder / "var"))
            found["snapshot"].append(start(folder / "var"))
            shutil.rmtree(folder / "empty")
    finally:
        shutil.rmtree(folder)
    return found


def start(path: Path) -> float:
    """Start the server and stop it; returns the seconds until its health is good."""
    began = perf_counter()
    with running(
        [sys.executable, str(ROOT / "run.py"), "--port", "0", "--data-dir", str(path), "--log-level", "error"]
    ):
        return perf_counter() - began


class Cost(NamedTuple):
    """What one order took without HTTP: orders per second, and microseconds of CPU."""

    per_s: float
    loop_us: float
    journal_us: float


async def direct(flags: list[str], count: int = 20_000) -> Cost:
    """Place so many market orders for 32 clients, each of which waits until its order is stored."""
    from engine.models.broker.orders import PreOrder
    from server.app import make_server
    from server.settings import read_settings

    server = make_server(read_settings(["serve", *flags]))
    engine, publisher = server.services.engine, server.services.publisher
    orders = [PreOrder.model_validate(json.loads(ORDER) | {"side": side}) for side in (1, -1)]

    async def trade(number: int) -> None:
        for turn in range(number, count + number, CONNECTIONS):
            stored = publisher.submit(engine.place_order(None, orders[turn & 1]).batch)
            await (stored or asyncio.sleep(0))

    await trade(CONNECTIONS - 1)
    began, cpu, loop = perf_counter(), process_time(), thread_time()
    await asyncio.gather(*(trade(number) for number in range(CONNECTIONS)))
    took_s, cpu_s, loop_s = perf_counter() - began, process_time() - cpu, thread_time() - loop
    server.ticker.stop()
    await server.storage.close()
    return Cost(count / took_s, 1e6 * loop_s / count, 1e6 * (cpu_s - loop_s) / count)


def costs(rounds: int) -> None:
    """Measure and print what orders cost without HTTP."""
    for name in ("durable", "ephemeral"):
        found = []
        for _ in range(rounds):
            folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT))
            try:
                flags = ["--ephemeral"] if name == "ephemeral" else ["--data-dir", str(folder / "var")]
                found.append(asyncio.run(direct(flags)))
            finally:
                shutil.rmtree(folder)
        cost = Cost(*map(median, zip(*found, strict=True)))
        text = f"CPU {cost.loop_us:6.1f} us on the loop, {cost.journal_us:6.1f} us on the journal's thread"
        print(f"  {name:10} {cost.per_s:8.0f} orders/s without HTTP  {text}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="repetitions (5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="load on each server in each round (3)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--direct", action="store_true", help="only what orders cost without HTTP")
    parser.add_argument("--load", nargs=3, metavar=("PORT", "PATH", "N"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.load:
        asyncio.run(load(int(chosen.load[0]), chosen.load[1], int(chosen.load[2]), chosen.seconds))
        return
    if chosen.direct:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}; {CONNECTIONS} clients")
        costs(chosen.rounds)
        return
    measured = rates(chosen.rounds, chosen.seconds, seed=1)
    names = list(measured[0])
    names.sort()
    table = {name: Rate(*map(median, zip(*(one[name] for one in measured), strict=True))) for name in names}
    ratios = {
        "durable / fastapi, answers": median(one["durable"].per_s / one["fastapi"].per_s for one in measured),
        "durable / fastapi, p99": median(one["durable"].p99_ms / one["fastapi"].p99_ms for one in measured),
        "durable / ephemeral, answers": median(one["durable"].per_s / one["ephemeral"].per_s for one in measured),
        "added latency alone, p50 ms": median(one["durable"].alone_ms - one["ephemeral"].alone_ms for one in measured),
    }
    seconds = {name: median(found) for name, found in starts(chosen.rounds).items()}
    if chosen.json:
        rows = {name: rate._asdict() for name, rate in table.items()}
        print(json.dumps({"rates": rows, "ratios": ratios, "start_s": seconds}, indent=2))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}; {CONNECTIONS} keep-alive connections")
    for name, rate in table.items():
        text = f"p50 {rate.p50_ms:7.2f} ms  p99 {rate.p99_ms:7.2f} ms  alone {rate.alone_ms:5.2f} ms"
        print(f"  {name:10} {rate.per_s:8.0f} orders/s  {text}")
    for name, ratio in ratios.items():
        print(f"  {name:32} {ratio:6.2f}")
    for name, taken in seconds.items():
        print(f"  start, {name:10} {taken:6.2f} s  (with {0 if name == 'empty' else EVENTS} events)")


if __name__ == "__main__":
    main()
