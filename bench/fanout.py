"""Fan-out against peers: cost of a delivered message, latency, slow readers, memory. Run with `make bench`.

All servers of a scene run at the same time on one core, their clients on another. They play short rounds one after the
other, in another order each time. A figure is the median over the rounds, a ratio the median of the ratios within each
round. Cost is the CPU time of the server for each delivered message, because the clients limit the rate of a cheap
server. The floor is the cost of one loopback `send` for each client and message.
"""

import argparse
import json
import random
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple

from bench.pairs import Pair, Peer, Scene, tell
from bench.running import ROOT, Result, machine, median, python, table

OURS, FLOOR, WS, PICOWS, STARLETTE = "trading-pro", "floor", "ws", "picows", "starlette"
PEERS = [
    Peer(FLOOR, python("bench.peers.floor")),
    Peer(OURS, python("bench.peers.ours"), has_topics=True),
    Peer(PICOWS, python("bench.peers.picows_server")),
    Peer("websockets", python("bench.peers.websockets_server")),
    Peer(STARLETTE, python("bench.peers.starlette_server")),
    Peer(WS, ["node", "bench/peers/ws_server.mjs"]),
]
ONE = Scene("one topic", 1000, 1, 50.0, 40, pause_ms=2)
EIGHT = Scene("eight topics", 1000, 8, 5.0, 4, pause_ms=2)
LATENCY = Scene("latency", 1000, 1, 10.0, 10)
MEMORY = Scene("memory", 5000, 1, 1.0, 0)
STALLED = Scene("stalled readers", 1000, 1, 10.0, 20, exact=20)

Rounds = list[dict[str, Result]]
STALLED_OF = 50
"""One client in `STALLED_OF` stops reading."""


class Goal(NamedTuple):
    """A figure with its bound: at least `must`, or at most if `is_most`; `aim` is the next bound."""

    what: str
    figure: float
    must: float
    is_most: bool = False
    aim: float | None = None

    def row(self) -> list[str]:
        """Return a line of the table."""
        sign = "<=" if self.is_most else ">="
        aim = "" if self.aim is None else f"{sign} {self.aim:g} {self._says(self.aim)}"
        return [self.what, f"{self.figure:.2f}", f"{sign} {self.must:g}", self._says(self.must), aim]

    def _says(self, bound: float) -> str:
        return "met" if (self.figure <= bound if self.is_most else self.figure >= bound) else "NOT met"


def run(scene: Scene, peers: list[Peer], rounds: int) -> Rounds:
    """Play all rounds with all peers, in another order each time, after one warm-up round."""
    with ExitStack() as stack:
        pairs = [stack.enter_context(Pair(peer, scene)) for peer in peers]
        for pair in pairs:
            pair.play()
        return [{pair.peer.name: pair.play() for pair in random.sample(pairs, len(pairs))} for _ in range(rounds)]


def of(rounds: Rounds, name: str, key: str) -> float:
    """Return the median of a peer's figure."""
    return median(one[name][key] for one in rounds)


def ratio(rounds: Rounds, name: str, key: str, base: str) -> float:
    """Return the median of the ratios of a figure to that of another peer in the same round."""
    return median(one[name][key] / one[base][key] for one in rounds)


def best_of_ours(rounds: Rounds) -> float:
    """Return the ratio of the cheapest peer to ours."""
    return median(min(one[n]["us"] for n in one if n not in (OURS, FLOOR)) / one[OURS]["us"] for one in rounds)


def show_cost(scene: Scene, peers: list[Peer], found: Rounds) -> None:
    """Print the cost of a delivered message."""
    rows = [
        [
            peer.name,
            f"{of(found, peer.name, 'us'):.2f}",
            f"{ratio(found, peer.name, 'us', FLOOR):.2f}",
            f"{ratio(found, peer.name, 'us', OURS):.2f}",
        ]
        for peer in peers
    ]
    title = f"fan-out, {scene.name}, {scene.clients} subscribers, median of {len(found)}"
    table(title, ("server", "us CPU a message", "of the floor", "of ours"), rows)


def cost_of_one(peers: list[Peer], rounds: int) -> tuple[Rounds, list[Goal]]:
    """Measure one topic."""
    found = run(ONE, peers, rounds)
    show_cost(ONE, peers, found)
    musts = {PICOWS: 1.0, WS: 1.5, STARLETTE: 2.5}
    goals = [
        Goal(f"one topic: {name} costs, of ours", ratio(found, name, "us", OURS), must)
        for name, must in musts.items()
        if name in found[0]
    ]
    return found, [*goals, Goal("one topic: the floor costs, of ours", ratio(found, FLOOR, "us", OURS), 0.85)]


def cost_of_eight(peers: list[Peer], rounds: int) -> tuple[Rounds, list[Goal]]:
    """Measure eight topics that tick together."""
    found = run(EIGHT, peers, rounds)
    show_cost(EIGHT, peers, found)
    return found, [Goal("eight topics: the best peer costs, of ours", best_of_ours(found), 4.0, aim=6.0)]


def latency(peers: list[Peer], rounds: int) -> tuple[Rounds, list[Goal]]:
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
    title = f"latency at {per_s:.0f} messages/s, {LATENCY.clients} subscribers, median of {len(found)}"
    table(title, ("server", "p50 ms", "p99 ms", "p99 of the floor's"), rows)
    return found, [Goal("latency: our p99, of the floor's", ratio(found, OURS, "p99_ms", FLOOR), 1.3, True, 1.15)]


def memory(peers: list[Peer], _rounds: int) -> tuple[Rounds, list[Goal]]:
    """Measure and print the memory of a connection; each server runs alone."""
    chosen = [peer for peer in peers if peer.name in (OURS, STARLETTE, "websockets", PICOWS)]
    kib: dict[str, float] = {}
    for peer in chosen:
        with Pair(peer, MEMORY) as pair:
            kib[peer.name] = pair.client_kib
    rows = [[name, f"{one:.1f}", f"{one / kib[OURS]:.1f}"] for name, one in kib.items()]
    table(f"memory of a connection, {MEMORY.clients} of them", ("server", "KiB", "of ours"), rows)
    goals = [Goal("memory: KiB of a connection", kib[OURS], 16.0, True, 4.0)]
    if STARLETTE in kib:
        goals.append(Goal("memory: ours, of Starlette's", kib[OURS] / kib[STARLETTE], 0.5, True))
    return [{name: {"client_kib": one} for name, one in kib.items()}], goals


def stalled(peers: list[Peer], rounds: int, clients: int = STALLED.clients) -> tuple[Rounds, list[Goal]]:
    """Measure the effect of stalled readers on the others; each round has a new server."""
    scene, count = STALLED._replace(clients=clients), clients // STALLED_OF
    (ours,) = (peer for peer in peers if peer.name == OURS)
    found = [one_stall(ours, scene, count) for _ in range(max(1, rounds // 4))]
    rows = [[key, f"{of(found, OURS, key):.2f}"] for key in found[0][OURS]]
    table(
        f"{scene.clients} readers of which {count} stop, {scene.rate * scene.exact:.0f} updates/s each", ("", ""), rows
    )
    return found, [
        Goal("stalled readers: p99 of the others, of before", of(found, OURS, "of_before"), 1.2, True),
        Goal("stalled readers: cut, s after their bound", of(found, OURS, "cut_after_s"), 5.0, True),
        Goal("stalled readers: updates that wait for one", of(found, OURS, "frames"), 2000 + scene.exact, True),
        Goal("stalled readers: MiB that wait for one", of(found, OURS, "bytes") / 2**20, 1.01, True),
    ]


def one_stall(ours: Peer, scene: Scene, count: int) -> dict[str, Result]:
    """Play with all readers, then until the stalled ones are closed; returns the figures of both phases."""
    reading = (scene.clients - count) * scene.ticks * scene.exact
    with Pair(ours, scene) as pair:
        pair.play()
        before = [pair.play() for _ in range(3)]
        tell(pair.load, stall=count)
        meanwhile = [pair.play(reading)]
        while meanwhile[-1]["cut"] < count:
            meanwhile.append(pair.play(reading))
    last = meanwhile[-1]
    p99 = median(one["p99_ms"] for one in meanwhile)
    p99_before = median(one["p99_ms"] for one in before)
    grown = last["rss_kib"] - before[-1]["rss_kib"]
    return {
        OURS: {
            "p99_ms_before": p99_before,
            "p99_ms_meanwhile": p99,
            "of_before": p99 / p99_before,
            "cut_after_s": last["last_cut_at"] - last["first_cut_at"],
            "frames": last["frames"],
            "bytes": last["bytes"],
            "rss_mib_grown": grown / 1024,
        }
    }


def usable(peers: list[Peer]) -> list[Peer]:
    """Return the installed peers; prints which are missing."""
    if shutil.which("node") and (ROOT / "bench/node_modules/ws").is_dir():
        return peers
    print("ws is left out: Node and bench/node_modules are needed (make bench installs them)")
    return [peer for peer in peers if peer.name != WS]


def main() -> None:
    scenes: dict[str, Callable[[list[Peer], int], tuple[Rounds, list[Goal]]]] = {
        "one": cost_of_one,
        "eight": cost_of_eight,
        "latency": latency,
        "stalled": stalled,
        "memory": memory,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", metavar="FILE", help="write every round's figures")
    parser.add_argument("--only", choices=scenes)
    parser.add_argument("--peers", default="", help="compare with these only, a comma-separated list")
    parser.add_argument("--stalled-clients", type=int, default=STALLED.clients, help="one in 50 of them stops reading")
    chosen = parser.parse_args()
    names = {OURS, FLOOR, *chosen.peers.split(",")}
    peers = usable([peer for peer in PEERS if not chosen.peers or peer.name in names])
    print(machine())
    found: dict[str, Rounds] = {}
    goals: list[Goal] = []
    for name, scene in scenes.items():
        if chosen.only in (None, name):
            more = {"clients": chosen.stalled_clients} if name == "stalled" else {}
            found[name], held = scene(peers, chosen.rounds, **more)
            goals += held
    table("goals", ("what", "measured", "must", "", "aim"), [goal.row() for goal in goals])
    print(machine())
    if chosen.json:
        (ROOT / chosen.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
