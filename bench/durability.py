"""Cost of durability: acknowledged orders per second, their latency, and the time of a start.

Run from the top folder: `python bench/durability.py [--rounds N] [--seconds S] [--json]`. One run starts four servers
in random order, one at a time, on loopback and a disk of this machine. A separate process sends market orders to each
of them, over 32 keep-alive connections and over one:

    durable      this server with a data directory: every answer follows an fsync
    ephemeral    this server with --ephemeral: the same work, nothing is stored
    fastapi      FastAPI on uvicorn, one SQLite commit per order, default settings of SQLite
    fastapi-wal  the same with a write-ahead log, one fsync per order

Buy and sell orders alternate. The run fails if an order of our server is not filled. Figures are medians over the
rounds; ratios are medians of the ratios within each round. With `--direct` the orders go to engine, publisher and
journal in this process, without HTTP; the figures are the CPU time of an order on the loop and the journal's thread.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, thread_time
from typing import Any, NamedTuple
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.running import TIMEOUT_S, line, machine, python, start, stop, table  # noqa: E402

SERVER = [sys.executable, str(ROOT / "run.py"), "--port", "0", "--log-level", "error"]
DURABLE, EPHEMERAL, FASTAPI, WAL = "durable", "ephemeral", "fastapi", "fastapi-wal"
CONNECTIONS = 32
EVENTS = 100_000
HISTORY = "/api/v1/broker/orders/history?limit=500"
FILLED = 2
ORDER = {"symbol": "AAPL", "type": 2, "qty": 1}


class Rate(NamedTuple):
    """Figures of one server in one round: answers per second, latencies, and `alone_ms`: the median with one client."""

    per_s: float
    p50_ms: float
    p99_ms: float
    alone_ms: float


RATIOS: dict[str, Callable[[dict[str, Rate]], float]] = {
    "durable / fastapi, answers": lambda one: one[DURABLE].per_s / one[FASTAPI].per_s,
    "durable / fastapi, p99": lambda one: one[DURABLE].p99_ms / one[FASTAPI].p99_ms,
    "durable / fastapi-wal, answers": lambda one: one[DURABLE].per_s / one[WAL].per_s,
    "durable / fastapi-wal, p99": lambda one: one[DURABLE].p99_ms / one[WAL].p99_ms,
    "durable / ephemeral, answers": lambda one: one[DURABLE].per_s / one[EPHEMERAL].per_s,
    "added latency alone, p50 ms": lambda one: one[DURABLE].alone_ms - one[EPHEMERAL].alone_ms,
}


def servers(folder: Path) -> dict[str, list[str]]:
    """Return the command line of each server."""
    return {
        DURABLE: [*SERVER, "--data-dir", str(folder / "var")],
        EPHEMERAL: [*SERVER, "--ephemeral"],
        FASTAPI: python("bench.peers.fastapi_orders", folder / "orders.db"),
        WAL: python("bench.peers.fastapi_orders", folder / "wal.db", "--wal"),
    }


@contextmanager
def running(command: list[str]) -> Iterator[int]:
    """Run a server and yield its port; stops it with SIGTERM."""
    process = start(command)
    try:
        assert process.stdout is not None
        text = process.stdout.readline()
        yield json.loads(text)["port"] if text.startswith("{") else int(text.rpartition(":")[2])
        process.terminate()
        process.wait(TIMEOUT_S)
    finally:
        stop([process])


def measure(name: str, command: list[str], seconds: float) -> Rate:
    """Start a server, load it from a separate process, stop it. Raises: RuntimeError when an order was not filled."""
    with running(command) as port:
        many, one = (loaded(port, clients, seconds) for clients in (CONNECTIONS, 1))
        if name in (DURABLE, EPHEMERAL):
            check_filled(port)
    return Rate(many["per_s"], many["p50_ms"], many["p99_ms"], one["p50_ms"])


def loaded(port: int, clients: int, seconds: float) -> dict[str, float]:
    """Load a server over `clients` connections; returns the figures. Raises: RuntimeError for a failed request."""
    load = start(python("bench.rest_load", "--port", port, "--clients", clients, "--seconds", seconds))
    try:
        found: dict[str, float] = line(load)
    finally:
        stop([load])
    if found["failed"]:
        raise RuntimeError(f"{found['failed']:.0f} requests failed")
    return found


def check_filled(port: int) -> None:
    """Check the last orders. Raises: RuntimeError when one of them is not filled, or there is none."""
    with urlopen(f"http://127.0.0.1:{port}{HISTORY}", timeout=TIMEOUT_S) as answer:
        orders = json.load(answer)
    if not orders or (others := {order["status"] for order in orders} - {FILLED}):
        raise RuntimeError(f"orders were not filled: {others if orders else 'none is there'}")


def rates(rounds: int, seconds: float) -> list[dict[str, Rate]]:
    """Measure every server once a round, in shuffled order."""
    found = []
    for _ in range(rounds):
        folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT))
        try:
            table = servers(folder)
            found.append({name: measure(name, table[name], seconds) for name in random.sample(list(table), len(table))})
        finally:
            shutil.rmtree(folder)
    return found


def fill(path: Path, count: int) -> None:
    """Write a journal of `count` events: filled market orders, and resting orders that are canceled."""
    from engine.core import Engine, EngineSettings
    from engine.market.feeds.synthetic import SyntheticFeed
    from engine.market.instruments import Catalogue
    from engine.market.market import Market
    from engine.models.broker.orders import PreOrder
    from server.clock import SystemClock
    from server.storage.group_commit import CommitGroup
    from server.storage.journal import JournalDatabase
    from server.storage.recovery import open_storage

    catalogue = Catalogue.load()
    recovered = open_storage(path, catalogue.by_name, 1)
    market = Market(catalogue, SyntheticFeed(catalogue, 1))
    engine = Engine(market, SystemClock(), Nobody(), EngineSettings(), recovered.state.broker)
    database = JournalDatabase(recovered.connection, recovered.directory, recovered.state.head)
    group = CommitGroup(recovered.state.head)
    batches = [engine.open()]
    for number in range(1, count):
        side = 1 if number % 2 else -1
        order = PreOrder.model_validate({"symbol": "AAPL", "type": 2, "side": side, "qty": 1})
        batches.append(engine.place_order(None, order).result)
        if number % 4 == 0:
            rest = PreOrder.model_validate({"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 1.0})
            placed = engine.place_order(None, rest)
            batches += [placed.result, engine.cancel_order(None, placed.value).result]
        for batch in batches:
            group.add(batch, recovered.state.numbers, lambda _error: None)
        batches.clear()
        if group.head.seq - database.head.seq > 1000:
            group.complete()
            database.write(group)
            group = CommitGroup(group.head)
        if group.head.seq >= count:
            break
    group.complete()
    database.write(group)
    database.close()
    assert recovered.directory is not None
    recovered.directory.unlock()


class Nobody:
    """An `Interest` without topics."""

    def wants(self, _channel: str) -> bool:
        """Whether the channel has a subscriber."""
        return False

    def topics(self, _route: str) -> list[Any]:
        """Return the topics of a route."""
        return []


def starts(rounds: int) -> dict[str, list[float]]:
    """Measure the seconds of a start with an empty directory, with a journal only, and with a snapshot."""
    found: dict[str, list[float]] = {"empty": [], "replay": [], "snapshot": []}
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT))
    try:
        fill(folder / "var", EVENTS)
        for _ in range(rounds):
            shutil.rmtree(folder / "var/snapshots", ignore_errors=True)
            found["empty"].append(seconds_to_start(folder / "empty"))
            found["replay"].append(seconds_to_start(folder / "var"))
            found["snapshot"].append(seconds_to_start(folder / "var"))
            shutil.rmtree(folder / "empty")
    finally:
        shutil.rmtree(folder)
    return found


def seconds_to_start(path: Path) -> float:
    """Start the server and stop it; returns the seconds until it is ready."""
    began = perf_counter()
    with running([*SERVER, "--data-dir", str(path)]):
        return perf_counter() - began


class Cost(NamedTuple):
    """Figures without HTTP: orders per second, and microseconds of CPU for each order."""

    per_s: float
    loop_us: float
    journal_us: float


async def direct(flags: list[str], count: int = 20_000) -> Cost:
    """Place `count` market orders of 32 clients, each of which waits until its order is stored."""
    from engine.models.broker.orders import PreOrder
    from server.app import make_server
    from server.command_line import read_settings

    server = make_server(read_settings(["serve", *flags]))
    engine, publisher = server.services.engine, server.services.publisher
    orders = [PreOrder.model_validate(ORDER | {"side": side}) for side in (1, -1)]

    async def trade(number: int) -> None:
        for turn in range(number, count + number, CONNECTIONS):
            batch = engine.place_order(None, orders[turn & 1]).result
            await (publisher.commit(batch, "-") or asyncio.sleep(0))

    await trade(CONNECTIONS - 1)
    began, cpu, loop = perf_counter(), process_time(), thread_time()
    await asyncio.gather(*(trade(number) for number in range(CONNECTIONS)))
    took_s, cpu_s, loop_s = perf_counter() - began, process_time() - cpu, thread_time() - loop
    server.ticker.stop()
    await server.storage.close()
    return Cost(count / took_s, 1e6 * loop_s / count, 1e6 * (cpu_s - loop_s) / count)


def costs(rounds: int) -> None:
    """Measure and print the cost of orders without HTTP."""
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
    chosen = parser.parse_args()
    if chosen.direct:
        print(f"{machine()}; {CONNECTIONS} clients")
        costs(chosen.rounds)
        return
    measured = rates(chosen.rounds, chosen.seconds)
    found = {name: Rate(*map(median, zip(*(one[name] for one in measured), strict=True))) for name in servers(ROOT)}
    ratios = {name: median(of(one) for one in measured) for name, of in RATIOS.items()}
    seconds = {name: median(taken) for name, taken in starts(chosen.rounds).items()}
    if chosen.json:
        rows = {name: rate._asdict() for name, rate in found.items()}
        print(json.dumps({"rates": rows, "ratios": ratios, "start_s": seconds}, indent=2))
        return
    print(machine())
    title = f"orders acknowledged, {CONNECTIONS} keep-alive connections, median of {chosen.rounds}"
    rates_rows = [[name, f"{one[0]:.0f}", *(f"{value:.2f}" for value in one[1:])] for name, one in found.items()]
    table(title, ("server", "a second", "p50 ms", "p99 ms", "alone, p50 ms"), rates_rows)
    table("ratios, median of the rounds'", ("", ""), [[name, f"{ratio:.2f}"] for name, ratio in ratios.items()])
    events = {name: 0 if name == "empty" else EVENTS for name in seconds}
    rows_of_starts = [[name, str(events[name]), f"{taken:.2f}"] for name, taken in seconds.items()]
    table("seconds from the start of the process to its first answer", ("", "events", "s"), rows_of_starts)
    print(machine())


if __name__ == "__main__":
    main()
