"""Fan-out against peers: cost per delivered message, latency, memory per connection. Run with `make bench`.

Every round runs every server in another order, each alone on its core with the load generator on another one; a figure
is the median over the rounds, a ratio the median of the rounds' ratios. Cost is the server's CPU time per delivered
message, because with cheap servers the load generator is the bound.
"""

import argparse
import json
import random
import shutil
from typing import NamedTuple

from bench.running import ROOT, TIMEOUT_S, Result, cores, line, machine, median, python, start, stop, table


class Peer(NamedTuple):
    """A server: its command, and the topics that its clients have to ask for (0: none, everybody gets everything)."""

    name: str
    command: list[str]
    has_topics: bool = False


class Scene(NamedTuple):
    """What is measured: clients, topics, ticks per second, ticks."""

    name: str
    clients: int
    topics: int
    rate: float
    ticks: int


OURS, FLOOR = "trading-pro", "floor"
PEERS = [
    Peer(FLOOR, python("bench.peers.floor")),
    Peer(OURS, python("bench.peers.ours"), has_topics=True),
    Peer("picows", python("bench.peers.picows_server")),
    Peer("websockets", python("bench.peers.websockets_server")),
    Peer("starlette", python("bench.peers.starlette_server")),
    Peer("ws", ["node", "bench/peers/ws_server.mjs"]),
]
ONE = Scene("one topic", 1000, 1, 20.0, 60)
EIGHT = Scene("eight topics", 1000, 8, 4.0, 12)
LATENCY = Scene("latency", 1000, 1, 10.0, 50)
MEMORY = Scene("memory", 5000, 1, 1.0, 0)


def measure(peer: Peer, scene: Scene) -> Result:
    """Run one server under its load and return what both have to say."""
    server_core, load_core = cores()
    arguments = ["--clients", scene.clients, "--topics", scene.topics, "--rate", scene.rate, "--ticks", scene.ticks]
    pin = ["taskset", "-c", str(server_core)] if peer.command[0] == "node" and shutil.which("taskset") else []
    core = [] if peer.command[0] == "node" else ["--core", server_core]
    server = start([*pin, *peer.command, *map(str, [*arguments, *core])])
    running = [server]
    try:
        port = line(server)["port"]
        wanted = ["--subscribe", scene.topics, "--path", "/api/v1/ws"] if peer.has_topics else []
        load = start(python("bench.load", "--port", port, "--clients", scene.clients, "--core", load_core, *wanted))
        running.append(load)
        result: Result = line(server) | line(load)
        load.wait(TIMEOUT_S)
    finally:
        stop(running)
    expected = scene.clients * scene.topics * scene.ticks
    if result["messages"] < expected:
        raise RuntimeError(f"{peer.name}: {result['messages']:.0f} of {expected} messages arrived")
    result["us"] = 1e6 * result["cpu_s"] / max(1, expected)
    return result


def run(scene: Scene, peers: list[Peer], rounds: int) -> list[dict[str, Result]]:
    """Measure every peer in every round, in another order each time."""
    found = []
    for _ in range(rounds):
        order = random.sample(peers, len(peers))
        found.append({peer.name: measure(peer, scene) for peer in order})
    return found


def of(rounds: list[dict[str, Result]], name: str, key: str) -> float:
    """Return the median of a peer's figure."""
    return median(one[name][key] for one in rounds)


def ratio(rounds: list[dict[str, Result]], name: str, key: str, base: str) -> float:
    """Return the median of a figure's ratio to that of another peer in the same round."""
    return median(one[name][key] / one[base][key] for one in rounds)


def report_cost(scene: Scene, peers: list[Peer], rounds: int) -> dict[str, object]:
    """Measure and print the cost of a delivered message."""
    found = run(scene, peers, rounds)
    rows = [
        [
            peer.name,
            f"{of(found, peer.name, 'us'):.2f}",
            f"{ratio(found, peer.name, 'us', FLOOR):.2f}",
            f"{ratio(found, peer.name, 'us', OURS):.2f}",
        ]
        for peer in peers
    ]
    title = f"fan-out, {scene.name}, {scene.clients} subscribers, median of {rounds}"
    table(title, ("server", "us CPU a message", "of the floor", "of ours"), rows)
    best = median(
        min(one[p.name]["us"] for p in peers if p.name not in (OURS, FLOOR)) / one[OURS]["us"] for one in found
    )
    print(f"  the best peer costs {best:.2f} times ours")
    return {"rounds": found, "best_peer_of_ours": best}


def report_latency(peers: list[Peer], rounds: int) -> dict[str, object]:
    """Measure and print the latency from the publication to the client."""
    found = run(LATENCY, peers, rounds)
    rows = [
        [
            peer.name,
            f"{of(found, peer.name, 'p50_ms'):.2f}",
            f"{of(found, peer.name, 'p99_ms'):.2f}",
            f"{ratio(found, peer.name, 'p99_ms', FLOOR):.2f}",
        ]
        for peer in peers
    ]
    per_s = LATENCY.clients * LATENCY.rate
    title = f"latency at {per_s:.0f} messages/s, {LATENCY.clients} subscribers"
    table(title, ("server", "p50 ms", "p99 ms", "p99 of the floor's"), rows)
    return {"rounds": found}


def report_memory(peers: list[Peer], rounds: int) -> dict[str, object]:
    """Measure and print what a connection takes."""
    chosen = [peer for peer in peers if peer.name in (OURS, "starlette", "websockets", "picows")]
    found = run(MEMORY, chosen, rounds)
    rows = [
        [peer.name, f"{of(found, peer.name, 'client_kib'):.1f}", f"{ratio(found, peer.name, 'client_kib', OURS):.1f}"]
        for peer in chosen
    ]
    table(f"memory of a connection, {MEMORY.clients} of them", ("server", "KiB", "of ours"), rows)
    return {"rounds": found}


def usable(peers: list[Peer]) -> list[Peer]:
    """Return the peers that are installed; says aloud which are not."""
    if shutil.which("node") and (ROOT / "bench/node_modules/ws").is_dir():
        return peers
    print("ws is left out: Node and bench/node_modules are needed (make bench installs them)")
    return [peer for peer in peers if peer.name != "ws"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", metavar="FILE", help="write every round's figures")
    parser.add_argument("--only", choices=["one", "eight", "latency", "memory"])
    parser.add_argument("--peers", default="", help="compare with these only, a comma-separated list")
    chosen = parser.parse_args()
    names = {OURS, FLOOR, *chosen.peers.split(",")}
    peers = usable([peer for peer in PEERS if not chosen.peers or peer.name in names])
    print(machine())
    scenes = {
        "one": lambda: report_cost(ONE, peers, chosen.rounds),
        "eight": lambda: report_cost(EIGHT, peers, chosen.rounds),
        "latency": lambda: report_latency(peers, chosen.rounds),
        "memory": lambda: report_memory(peers, 1),
    }
    found = {name: scene() for name, scene in scenes.items() if chosen.only in (None, name)}
    if chosen.json:
        (ROOT / chosen.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
