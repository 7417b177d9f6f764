"""A server and its clients, in two processes on two cores, that play rounds on demand.

All servers of a scene run at the same time, and only one of them plays. Therefore rounds can be short and in any
order, and other load of the machine affects all servers equally.
"""

import json
import subprocess
from types import TracebackType
from typing import NamedTuple

from bench.running import Result, cores, line, pin, python, start, stop


class Peer(NamedTuple):
    """A server and its command; without `has_topics` all clients get all messages."""

    name: str
    command: list[str]
    has_topics: bool = False


class Scene(NamedTuple):
    """The parameters of a round.

    Attributes:
        rate: Ticks per second.
        ticks: Ticks of one round; 0 only connects, to measure the memory.
        pause_ms: Pause of the clients between two reads of their sockets. The time of a send then does not
            include their wake-up, as on a network. 0 wakes them at once, to measure latencies.
        exact: Updates of one exact topic in a tick, instead of one for each topic of quotes.
    """

    name: str
    clients: int
    topics: int
    rate: float
    ticks: int
    pause_ms: int = 0
    exact: int = 0

    @property
    def expected(self) -> int:
        """Messages of all clients in a round."""
        return self.clients * self.ticks * (self.exact or self.topics)


class Pair:
    """One server with its connected clients. A context manager: its exit ends both processes.

    Raises:
        RuntimeError: A process ended early.
    """

    def __init__(self, peer: Peer, scene: Scene) -> None:
        self.peer, self.scene = peer, scene
        server_core, load_core = cores()
        options = ["--clients", scene.clients, "--topics", scene.topics]
        prefix = pin(server_core) if peer.command[0] == "node" else []
        options += [] if prefix else ["--core", server_core]
        options += ["--exact", scene.exact] if scene.exact else []
        self.server = start([*prefix, *peer.command, *map(str, options)])
        self.processes = [self.server]
        try:
            wanted = ["--subscribe", scene.topics, "--path", "/api/v1/ws"] if peer.has_topics else []
            wanted += ["--exact"] if scene.exact else []
            wanted += ["--clients", scene.clients, "--core", load_core, "--pause-ms", scene.pause_ms]
            self.load = start(python("bench.load", "--port", line(self.server)["port"], *wanted))
            self.processes.append(self.load)
            self.client_kib: float = line(self.server)["client_kib"]
        except BaseException:
            stop(self.processes)
            raise

    def __enter__(self) -> "Pair":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        stop(self.processes)

    def play(self, expected: int | None = None) -> Result:
        """Play a round; returns the figures of both processes. Raises: RuntimeError when messages are missing."""
        scene = self.scene
        expected = scene.expected if expected is None else expected
        result: Result = dict(tell(self.server, rate=scene.rate, ticks=scene.ticks))
        result |= tell(self.load, expect=expected)
        if result["messages"] < expected:
            raise RuntimeError(f"{self.peer.name}: {result['messages']:.0f} of {expected} messages arrived")
        result["us"] = 1e6 * result["cpu_s"] / max(1, expected)
        return result


def tell(process: subprocess.Popen[str], **order: float) -> Result:
    """Send a request to a process that waits for one, and return its answer."""
    assert process.stdin is not None
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    found: Result = line(process)
    return found
