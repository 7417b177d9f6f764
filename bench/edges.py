"""Edges on NATS: what they cost the core, what they add to the latency, and how fast they catch up. Needs nats-server.

Orders go to the core at a fixed rate; all clients follow the orders of the account. Each layout plays the same rounds,
one layout after the other in each round; a figure is the median over the rounds, a ratio the median of the ratios
within a round. CPU is that of the processes; a machine with fewer cores than processes shows CPU, but no latencies.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from bench.pairs import tell
from bench.running import ROOT, TIMEOUT_S, Result, machine, median, python, start, stop, table
from tests.nats_server import NatsServer

TICK_S = os.sysconf("SC_CLK_TCK")
UPDATES = 4
"""Updates of an order that fills at once: executions of account and symbol, order, position."""

IDLE_S = 1.0
"""Time in which the CPU of a core without orders is measured."""

WARM_S = 2.0
"""Time before a round, in which the core computes its first prices."""


class Layout(NamedTuple):
    """Processes: a core, with a bus or without, its edges, and whether there are clients."""

    name: str
    edges: int
    has_bus: bool = True
    has_clients: bool = True


LAYOUTS = [
    Layout("no bus, no clients", 0, has_bus=False, has_clients=False),
    Layout("no bus", 0, has_bus=False),
    Layout("bus, no edge, no clients", 0, has_clients=False),
    Layout("bus, 1 edge", 1),
    Layout("bus, 2 edges", 2),
    Layout("bus, 4 edges", 4),
]
NO_BUS, NO_EDGE = LAYOUTS[0].name, LAYOUTS[2].name


def cpu_s(process: subprocess.Popen[str]) -> float:
    """Return the processor time of a process in seconds."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK_S


def serve(folder: Path, role: str, *options: str) -> tuple[subprocess.Popen[str], int]:
    """Start a server; returns it and its port."""
    command = [sys.executable, "run.py", "--port", "0", "--role", role, "--data-dir", str(folder / "var")]
    process = start([*command, "--modules", "broker,datafeed", "--log-level", "error", *options])
    assert process.stdout is not None
    return process, int(process.stdout.readline().rpartition(":")[2])


class Running(NamedTuple):
    """The processes of a layout.

    Attributes:
        loads: The clients, one process for each server that has some.
    """

    layout: Layout
    core: subprocess.Popen[str]
    core_port: int
    edges: list[subprocess.Popen[str]]
    edge_ports: list[int]
    loads: list[subprocess.Popen[str]]
    nats: NatsServer | None


@contextmanager
def running(layout: Layout, clients: int) -> Iterator[Running]:
    """Run the processes of a layout, with clients in equal parts at its edges or at the core."""
    with tempfile.TemporaryDirectory() as name:
        folder, processes = Path(name), list[subprocess.Popen[str]]()
        nats = NatsServer(folder) if layout.has_bus else None
        try:
            if nats is not None:
                nats.start()
            bus = [] if nats is None else ["--bus", nats.url]
            core, core_port = serve(folder, "core" if nats else "all", *bus)
            processes.append(core)
            edges = [serve(folder, "edge", *bus) for _ in range(layout.edges)]
            processes += [process for process, _ in edges]
            ports = [port for _, port in edges] or [core_port]
            loads = [
                start(python("bench.load", "--port", port, "--path", "/api/v1/ws", *wishes(clients // len(ports))))
                for port in (ports if layout.has_clients else ())
            ]
            processes += loads
            yield Running(layout, core, core_port, [one for one, _ in edges], ports[: layout.edges], loads, nats)
        finally:
            stop(processes)
            if nats is not None:
                nats.kill()


def wishes(clients: int) -> list[str]:
    """Return the options of clients that follow orders; the frame has the time at which its order was sent."""
    return ["--clients", str(clients), "--exact", "--stamp", '"at":', "--pause-ms", "0"]


def send_orders(port: int, rate: float, seconds: float) -> int:
    """Send orders at a fixed rate over one connection; returns their number."""
    connection, sent, began = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S), 0, time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        due = began + sent / rate
        if now < due:
            time.sleep(due - now)
        order = {"symbol": "AAPL", "type": 2, "side": -1 if sent % 2 else 1, "qty": 1}
        body = json.dumps(order | {"customFields": {"at": time.monotonic_ns()}})
        connection.request("POST", "/api/v1/broker/orders", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        sent += 1
    connection.close()
    return sent


def play(one: Running, clients: int, rate: float, seconds: float) -> Result:
    """Play a round; returns CPU and latency. The CPU of the core without orders is not counted."""
    idle_s = cpu_s(one.core)
    time.sleep(IDLE_S)
    idle_s = cpu_s(one.core) - idle_s
    before, began = [cpu_s(process) for process in (one.core, *one.edges)], time.monotonic()
    orders = send_orders(one.core_port, rate, seconds)
    idle_s *= (time.monotonic() - began) / IDLE_S
    share = clients // max(1, len(one.loads))
    answers = [tell(load, expect=orders * share) for load in one.loads]
    core_s, *edge_s = (cpu_s(process) - was for process, was in zip((one.core, *one.edges), before, strict=True))
    messages = sum(answer["messages"] for answer in answers)
    found: Result = {
        "orders": orders,
        "core_us": 1e6 * (core_s - idle_s) / (orders * UPDATES),
        "edges_us": 1e6 * sum(edge_s) / max(1, messages),
        "messages": messages,
    }
    for key in ("p50_ms", "p99_ms"):
        if all(key in answer for answer in answers) and answers:
            found[key] = max(answer[key] for answer in answers)
    return found


def health(port: int) -> dict[str, dict[str, float]]:
    """Return the health of an edge."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    connection.request("GET", "/api/v1/health")
    found: dict[str, dict[str, float]] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def catch_up(clients: int, rate: float, outage_s: float) -> None:
    """Measure how fast an edge catches up after an outage of NATS, and print it."""
    with running(Layout("catch-up", 1), clients) as one:
        assert one.nats is not None
        (load,) = one.loads
        tell(load, expect=0)  # its clients are connected
        one.nats.kill()
        orders = send_orders(one.core_port, rate, outage_s)
        one.nats.start()
        began = time.monotonic()
        answer = tell(load, expect=clients * orders)
        took_s = time.monotonic() - began
        missed = answer["messages"] / clients * UPDATES
        rows = [[f"{outage_s:g}", f"{missed:.0f}", f"{took_s:.1f}", f"{missed / took_s:.0f}"]]
        lag = health(one.edge_ports[0])["bus"]["lag"]
        table("catch-up", ("outage s", "updates", "s until the last", "updates/s"), rows)
        print(f"  lag afterwards: {lag:.0f} rows of updates")


def show(rounds: list[dict[str, Result]], clients: int) -> None:
    """Print the figures."""
    rows = []
    for name in rounds[0]:
        figures = {key: median(one[name][key] for one in rounds) for key in rounds[0][name]}
        ratios = [median(one[name]["core_us"] / one[base]["core_us"] for one in rounds) for base in (NO_BUS, NO_EDGE)]
        times = [f"{figures[key]:.1f}" if key in figures else "" for key in ("p50_ms", "p99_ms")]
        shown = [f"{figures['core_us']:.0f}", *(f"{ratio:.2f}" for ratio in ratios), f"{figures['edges_us']:.2f}"]
        rows.append([name, *shown, *times])
    columns = ("layout", "core us an update", "of no bus", "of no edge", "edges us a message", "p50 ms", "p99 ms")
    table(f"{clients} clients, median of {len(rounds)}", columns, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="0 leaves the layouts out")
    parser.add_argument("--clients", type=int, default=1000, help="clients of all edges together")
    parser.add_argument("--rate", type=float, default=200.0, help="orders per second")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of a round")
    parser.add_argument("--edges", type=int, default=4, help="most edges")
    parser.add_argument("--outage", type=float, default=30.0, help="seconds without NATS; 0 leaves the catch-up out")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.chdir(ROOT)
    print(machine())
    rounds: list[dict[str, Result]] = []
    for _ in range(chosen.rounds):
        found: dict[str, Result] = {}
        for layout in (one for one in LAYOUTS if one.edges <= chosen.edges):
            with running(layout, chosen.clients) as processes:
                send_orders(processes.core_port, chosen.rate, WARM_S)
                for load in processes.loads:
                    tell(load, expect=0)
                found[layout.name] = play(processes, chosen.clients, chosen.rate, chosen.seconds)
        rounds.append(found)
    if rounds:
        show(rounds, chosen.clients)
    if chosen.outage:
        catch_up(min(chosen.clients, 50), chosen.rate, chosen.outage)
    print(machine())


if __name__ == "__main__":
    main()
