"""A market day in minutes: one server under load and reconnecting clients; its use of resources must not grow.

Run from the top folder: `python bench/soak.py [--minutes M] [--speed F]` (`make soak`). A server with a data directory
runs at a multiple of the market's speed, so that a day of ticks, sessions and bars passes. Clients trade, cancel, read
and reset accounts. Other clients change their subscriptions often, and disconnect with or without a close frame.

A sample reads the resources of the server from the kernel and from its metrics; the first quarter is warm-up. After
the last disconnect the server must have freed all of them. The exit status is 1 when a figure is above its bound.
"""

import argparse
import asyncio
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

SYMBOLS = ("AAPL", "MSFT", "GOOGL", "JPM", "EURUSD", "USDJPY", "SAP", "BTCUSD")
RESOLUTIONS = ("1", "5", "15", "60", "1D")
ACCOUNTS = ("DEMO-ACCOUNT", "DEMO-ACCOUNT", "SOAK-1", "SOAK-2")
"""Account of each trader; all accounts but the first are reset at random."""

LISTENERS = 40
PAUSE_S = 0.05
RESET_EVERY = 400
SAMPLES = 40
GONE_S = 10.0

ALLOWED = {
    "resident_mib": 1.15,
    "descriptors": 1.15,
    "threads": 1.0,
    "tasks": 1.15,
    "connections": 1.15,
    "topics": 1.15,
    "subscriptions": 1.15,
    "working": 1.5,
}
"""Upper bounds of the ratio of the last quarter to the second one; clients connect and disconnect at random."""

LEFT = {"descriptors": 4, "threads": 2, "tasks": 2, "connections": 0, "topics": 0, "subscriptions": 0}
"""Upper bounds of the increase from before the first client to after the last one."""

GROWTH = 1.3
"""Upper bound of the ratio of disk space per event, second half to first."""


class Sample(NamedTuple):
    """Resources of the server at one instant."""

    resident_mib: float
    descriptors: float
    threads: float
    tasks: float
    connections: float
    topics: float
    subscriptions: float
    working: float
    events: float
    database_mib: float


class Row(NamedTuple):
    """One line of the verdict; `most` is the upper bound of `after`."""

    name: str
    before: float
    after: float
    most: float

    @property
    def is_good(self) -> bool:
        """Whether the bound is met."""
        return self.after <= self.most


def look(pid: int, port: int, data_dir: Path) -> Sample:
    """Take a sample. Raises: RuntimeError when the server is not healthy."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    health, text = (fetch(port, path) for path in ("/api/v1/health", "/metrics"))
    if json.loads(health)["status"] != "ok":
        raise RuntimeError(f"health is {health}")
    told = dict(line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    if float(told["trading_ledger_violations_total"]):
        raise RuntimeError("a law of the ledger is broken")
    names = ("tasks", "stream_connections", "stream_topics", "stream_subscriptions", "orders_working", "journal_events")
    own = (int(found["VmRSS"].split()[0]) / 1024, len(list(Path(f"/proc/{pid}/fd").iterdir())), int(found["Threads"]))
    size = sum(file.stat().st_size for file in data_dir.glob("journal.db*")) / (1 << 20)
    return Sample._make((*own, *(float(told[f"trading_{name}"]) for name in names), size))


def fetch(port: int, path: str) -> str:
    """Return the body of an answer. Raises: RuntimeError when it is not 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} is {answer.status}: {text}")
    return text


async def trade(port: int, seed: int, account: str, until: float) -> int:
    """Place, cancel and read, over one connection after the other; returns the number of accepted orders."""
    dice, taken, own = random.Random(seed), 0, f"accountId={account}"
    while monotonic() < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(200):
            symbol, side = dice.choice(SYMBOLS), dice.choice((1, -1))
            order: dict[str, Any] = {"symbol": symbol, "type": 2, "side": side, "qty": 1}
            if dice.random() < 0.3:
                order |= {"type": 1, "limitPrice": 1.0, "side": 1}
            answer = await ask(reader, writer, "POST", f"/orders?{own}", order)
            taken += "orderId" in answer
            if dice.random() < 0.3:
                await ask(reader, writer, "DELETE", f"/orders?{own}&symbol={symbol}")
            if dice.random() < 0.1:
                page = dice.choice(("/positions?", "/account/state?", "/executions?limit=50&"))
                await ask(reader, writer, "GET", page + own)
            if account != ACCOUNTS[0] and dice.randrange(RESET_EVERY) == 0:
                await ask(reader, writer, "POST", f"/accounts/{account}/reset", {"balance": 100_000})
            if monotonic() > until:
                break
            await asyncio.sleep(PAUSE_S)
        writer.close()
    return taken


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, body: Any = None
) -> Any:
    """Send a request to the broker API and return the decoded answer. Raises: RuntimeError for a 5xx."""
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /api/v1/broker{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    writer.write(head.encode() + b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    payload = json.loads(await reader.readexactly(length))
    if answer.startswith(b"HTTP/1.1 5"):
        raise RuntimeError(f"{method} {path}: {payload}")
    return payload


def topic(dice: random.Random) -> tuple[str, dict[str, Any]]:
    """Return the route and the payload of one of some hundred topics."""
    route = dice.choice(("orders", "positions", "executions", "equity", "pl", "quotes", "quotes", "bars", "depth"))
    if route == "quotes":
        return route, {"symbols": [], "fast_symbols": sorted(dice.sample(SYMBOLS, dice.randint(1, 3)))}
    if route == "bars":
        return route, {"symbol": dice.choice(SYMBOLS), "resolution": dice.choice(RESOLUTIONS)}
    if route == "depth":
        return route, {"symbol": dice.choice(SYMBOLS)}
    return route, {"accountId": dice.choice(ACCOUNTS)}


async def listen(port: int, seed: int, until: float) -> None:
    """Subscribe to changing topics; disconnect with or without a close frame, and connect again."""
    from tornado.websocket import websocket_connect

    dice = random.Random(seed)
    while monotonic() < until:
        socket = await websocket_connect(f"ws://127.0.0.1:{port}/api/v1/ws")
        held: list[tuple[str, dict[str, Any]]] = []
        leave_at, change_at = min(until, monotonic() + dice.uniform(1, 8)), 0.0
        while (now := monotonic()) < leave_at:
            if now >= change_at:
                change_at = now + dice.uniform(0.2, 1.0)
                held.append(topic(dice))
                await send(socket, "subscribe", held[-1])
                if len(held) > 6:
                    await send(socket, "unsubscribe", held.pop(dice.randrange(6)))
            try:
                await asyncio.wait_for(socket.read_message(), min(leave_at, change_at) - now)
            except TimeoutError:
                continue
        if dice.random() < 0.5 and socket.stream is not None:
            socket.stream.close()
        else:
            socket.close()


async def send(socket: Any, operation: str, wanted: tuple[str, dict[str, Any]]) -> None:
    """Send one message for a topic."""
    await socket.write_message(json.dumps({"type": f"{wanted[0]}.{operation}", "payload": wanted[1]}))


async def open_accounts(port: int) -> None:
    """Open the accounts that do not exist at the start."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for name in sorted(set(ACCOUNTS[1:]) - {ACCOUNTS[0]}):
        body = {"id": name, "name": name, "balance": 100_000, "currency": "USD"}
        await ask(reader, writer, "POST", "/accounts", body)
    writer.close()


class Story(NamedTuple):
    """Samples before the clients connect, during the load and after they left; and the number of accepted orders."""

    before: Sample
    samples: list[Sample]
    after: Sample
    orders: int


async def live(pid: int, port: int, data_dir: Path, seconds: float) -> Story:
    """Run all clients for `seconds`, then wait until they are disconnected."""
    await open_accounts(port)
    before = await asyncio.to_thread(look, pid, port, data_dir)
    until = monotonic() + seconds
    listeners = [asyncio.create_task(listen(port, seed, until)) for seed in range(LISTENERS)]
    traders = [asyncio.create_task(trade(port, seed, name, until)) for seed, name in enumerate(ACCOUNTS)]
    samples = []
    while monotonic() < until - 1:
        await asyncio.sleep(seconds / SAMPLES)
        samples.append(await asyncio.to_thread(look, pid, port, data_dir))
    orders = sum(await asyncio.gather(*traders))
    await asyncio.gather(*listeners)
    gone_by = monotonic() + GONE_S
    while (after := await asyncio.to_thread(look, pid, port, data_dir)).connections and monotonic() < gone_by:
        await asyncio.sleep(0.2)
    return Story(before, samples, after, orders)


def verdict(story: Story) -> Iterator[Row]:
    """Yield the figures with bounds: during the load, after the last disconnect, and on the disk."""
    samples, quarter = story.samples, max(1, len(story.samples) // 4)
    early, late = samples[quarter : 2 * quarter] or samples, samples[-quarter:]
    for name, allowed in ALLOWED.items():
        before, after = (median(getattr(one, name) for one in part) for part in (early, late))
        yield Row(name, before, after, before * allowed + 2)
    for name, more in LEFT.items():
        before, after = getattr(story.before, name), getattr(story.after, name)
        yield Row(f"{name} when all left", before, after, before + more)
    middle = samples[len(samples) // 2]
    first, second = per_event(samples[quarter], middle), per_event(middle, samples[-1])
    yield Row("KiB per event", first, second, first * GROWTH)


def per_event(before: Sample, after: Sample) -> float:
    """Return the growth of the database between two samples, in KiB per event."""
    return (after.database_mib - before.database_mib) * 1024 / max(1.0, after.events - before.events)


def report(story: Story, rows: Sequence[Row]) -> int:
    """Print the figures; returns 1 when a bound is not met."""
    last = story.samples[-1]
    print(f"{story.orders} orders, {last.events:.0f} events, database {last.database_mib:.1f} MiB")
    for row in rows:
        print(f"  {row.name:28} {row.before:9.2f} -> {row.after:9.2f}  {'flat' if row.is_good else 'GROWS'}")
    return int(not all(row.is_good for row in rows))


def main() -> int:
    """Run the clients and print the verdict; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--speed", type=float, default=144.0, help="market seconds in one second (144: a day in 10 min)"
    )
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    command = [sys.executable, str(ROOT / "run.py"), "--port", "0", "--data-dir", str(folder / "var")]
    command += ["--speed", str(chosen.speed), "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition(":")[2])
        story = asyncio.run(live(process.pid, port, folder / "var", 60 * chosen.minutes))
        status = report(story, list(verdict(story)))
        process.terminate()
        return status or process.wait(timeout=15)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
