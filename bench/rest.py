"""Orders per second over REST, 32 connections, compared with peers that answer a constant. Run with `make bench`.

Our server executes the orders and stores nothing. Every round runs all servers in another order. Figures are medians
over the rounds, ratios medians of the ratios within each round.
"""

import argparse
import json
import random
import shutil
from typing import NamedTuple

from bench.running import ROOT, TIMEOUT_S, Result, cores, line, machine, median, pin, python, start, stop, table


class Peer(NamedTuple):
    """A server and its command."""

    name: str
    command: list[str]


OURS, BASE = "trading-pro", "fastapi"
PEERS = [
    Peer(OURS, python("bench.peers.ours_rest")),
    Peer(BASE, python("bench.peers.fastapi_server")),
    Peer("node http", ["node", "bench/peers/http_server.mjs"]),
]


def measure(peer: Peer, clients: int, seconds: float) -> Result:
    """Run one server under its load."""
    server_core, load_core = cores()
    server = start([*pin(server_core), *peer.command])
    running = [server]
    try:
        port = line(server)["port"]
        wanted = ["--port", port, "--clients", clients, "--seconds", seconds, "--core", load_core]
        load = start(python("bench.rest_load", *wanted))
        running.append(load)
        result: Result = line(load)
        load.wait(TIMEOUT_S)
    finally:
        stop(running)
    if result["failed"]:
        raise RuntimeError(f"{peer.name}: {result['failed']:.0f} requests failed")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--json", metavar="FILE", help="write every round's figures")
    chosen = parser.parse_args()
    peers = [peer for peer in PEERS if shutil.which(peer.command[0])]
    print(machine())
    rounds = [
        {peer.name: measure(peer, chosen.clients, chosen.seconds) for peer in random.sample(peers, len(peers))}
        for _ in range(chosen.rounds)
    ]
    rows = [
        [
            peer.name,
            f"{median(one[peer.name]['per_s'] for one in rounds):.0f}",
            f"{median(one[peer.name]['p99_ms'] for one in rounds):.1f}",
            f"{median(one[peer.name]['per_s'] / one[BASE]['per_s'] for one in rounds):.2f}",
        ]
        for peer in peers
    ]
    title = f"orders over REST, {chosen.clients} connections, median of {chosen.rounds}"
    table(title, ("server", "a second", "p99 ms", f"of {BASE}"), rows)
    if chosen.json:
        (ROOT / chosen.json).write_text(json.dumps(rounds, indent=1))


if __name__ == "__main__":
    main()
