"""A day's life in minutes: load, churn and restarts of clients against one server, and everything has to stay flat.

Run from the top folder: `python bench/soak.py [--minutes M] [--speed F]` (`make soak`). A server with a data directory
runs at a multiple of the market's speed, so that a day of ticks, sessions and bars passes; clients trade, cancel, read,
subscribe, and leave without a word. Resident memory, file descriptors, threads and topics are read once per sample; the
first quarter is warm-up. It ends with status 1 when something grows beyond its bound, and leaves nothing behind.
"""

import argparse
import asyncio
import json
import random
import shutil
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

SYMBOLS = ("AAPL", "MSFT", "GOOGL", "JPM", "EURUSD", "BTCUSD")
TRADERS = 4
LISTENERS = 40
PAUSE_S = 0.05
SAMPLES = 40
ALLOWED = {"resident MiB": 1.15, "descriptors": 1.10, "threads": 1.0, "subscriptions": 1.10}
"""How much more the last quarter may show than the second one: memory holds the newest 10,000 of everything."""


class Sample(NamedTuple):
    """What the server looks like at one instant."""

    resident_mib: float
    descriptors: int
    threads: int
    subscriptions: int
    events: int
    database_mib: float


def look(pid: int, port: int, data_dir: Path, subscriptions: int) -> Sample:
    """Take a sample."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/api/v1/health")
    answer = connection.getresponse()
    health = json.loads(answer.read())
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"health is {health}")
    return Sample(
        int(found["VmRSS"].split()[0]) / 1024,
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
        int(found["Threads"]),
        subscriptions,
        health["storage"]["events"],
        sum(file.stat().st_size for file in data_dir.glob("journal.db*")) / (1 << 20),
    )


async def trade(port: int, seed: int, until: float) -> int:
    """Place, cancel and read, over one connection after the other; returns how many orders were taken."""
    dice, taken = random.Random(seed), 0
    while monotonic() < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(200):
            symbol, side = dice.choice(SYMBOLS), dice.choice((1, -1))
            order: dict[str, Any] = {"symbol": symbol, "type": 2, "side": side, "qty": 1}
            if dice.random() < 0.3:
                order |= {"type": 1, "limitPrice": 1.0, "side": 1}
            answer = await ask(reader, writer, "POST", "/orders", order)
            taken += "orderId" in answer
            if dice.random() < 0.3:
                await ask(reader, writer, "DELETE", f"/orders?symbol={symbol}")
            if dice.random() < 0.1:
                await ask(reader, writer, "GET", dice.choice(("/positions", "/account/state", "/executions?limit=50")))
            if monotonic() > until:
                break
            await asyncio.sleep(PAUSE_S)
        writer.close()
    return taken


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, body: Any = None
) -> Any:
    """Send one request of the broker's and return the decoded answer. Raises: RuntimeError for a 5xx."""
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /api/v1/broker{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    writer.write(head.encode() + b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    payload = json.loads(await reader.readexactly(length))
    if answer.startswith(b"HTTP/1.1 5"):
        raise RuntimeError(f"{method} {path}: {payload}")
    return payload


async def listen(port: int, seed: int, until: float) -> None:
    """Subscribe to several topics, read for a while, leave: politely or not."""
    from tornado.websocket import websocket_connect

    dice = random.Random(seed)
    while monotonic() < until:
        socket = await websocket_connect(f"ws://127.0.0.1:{port}/api/v1/ws")
        for route in ("orders", "positions", "executions", "equity"):
            await socket.write_message(json.dumps({"type": f"{route}.subscribe", "payload": {"accountId": "A"}}))
        payload = {"symbols": [], "fast_symbols": dice.sample(SYMBOLS, 3)}
        await socket.write_message(json.dumps({"type": "quotes.subscribe", "payload": payload}))
        leave_at = min(until, monotonic() + dice.uniform(1, 8))
        while (left := leave_at - monotonic()) > 0:
            try:
                await asyncio.wait_for(socket.read_message(), left)
            except TimeoutError:
                break
        if dice.random() < 0.5 and socket.stream is not None:
            socket.stream.close()
        else:
            socket.close()


async def live(pid: int, port: int, data_dir: Path, seconds: float) -> tuple[list[Sample], int]:
    """Let everybody live for so long; returns the samples and how many orders were taken."""
    until = monotonic() + seconds
    listeners = [asyncio.create_task(listen(port, seed, until)) for seed in range(LISTENERS)]
    traders = [asyncio.create_task(trade(port, seed, until)) for seed in range(TRADERS)]
    samples = []
    while monotonic() < until - 1:
        await asyncio.sleep(seconds / SAMPLES)
        samples.append(await asyncio.to_thread(look, pid, port, data_dir, LISTENERS * 5))
    orders = sum(await asyncio.gather(*traders))
    await asyncio.gather(*listeners)
    return samples, orders


def verdict(samples: list[Sample], orders: int) -> int:
    """Print what was seen; returns 1 when something grew."""
    quarter = max(1, len(samples) // 4)
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    status = 0
    print(f"{orders} orders, {samples[-1].events} events, database {samples[-1].database_mib:.1f} MiB")
    for index, (name, allowed) in enumerate(ALLOWED.items()):
        before, after = median(one[index] for one in early), median(one[index] for one in late)
        is_flat = after <= before * allowed + 2
        status |= not is_flat
        print(f"  {name:14} {before:8.1f} -> {after:8.1f}  {'flat' if is_flat else 'GROWS'}")
    per_event = (late[-1].database_mib - early[0].database_mib) * 1024 / max(1, late[-1].events - early[0].events)
    print(f"  database grows {per_event:.2f} KiB per event")
    return status


def main() -> int:
    """Run and judge."""
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
        samples, orders = asyncio.run(live(process.pid, port, folder / "var", 60 * chosen.minutes))
        status = verdict(samples, orders)
        process.terminate()
        return status or process.wait(timeout=15)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
