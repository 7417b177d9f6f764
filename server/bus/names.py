"""Names on the bus: stream, subjects, buckets and headers, and the times that both sides agree on.

The messages with these names are in `messages.py`, `queries.py` and `record.py`.
"""

from dataclasses import dataclass

STREAM_AGE_S = 600.0
"""Age at which the stream drops a message."""

DUPLICATE_WINDOW_S = 120.0
"""Time in which the stream drops a message whose id it has seen."""

REPEAT_S = 1.0
"""Interval at which the core repeats the newest state of what may be lost."""

INTEREST_S = 2.0
"""Interval at which an edge repeats its interest."""

INTEREST_AGE_S = 6.0
"""Age at which the core drops the interest of an edge."""

DIRECTORY_BUCKET = "tp"
"""Key-value bucket in which the key NAME (`--bus-name`) has the history of the core with this name."""

CORE_KEY = "core"
"""Key of `CoreRecord` in the bucket of a history."""

CATALOGUE_KEY = "catalogue"
"""Key of the instruments file, as it is on disk, in the bucket of a history."""

MESSAGE_ID, EXPECTED_SEQUENCE = "Nats-Msg-Id", "Nats-Expected-Last-Sequence"
"""Headers of a message of the stream."""


@dataclass(frozen=True, slots=True)
class BusNames:
    """Names of one history on the bus; `history` is the core's epoch."""

    history: str

    @property
    def stream(self) -> str:
        """JetStream stream of the commits."""
        return f"TP-{self.history}"

    @property
    def commits(self) -> str:
        """Subject of the stream: one `CommitMessage` a commit."""
        return f"tp.{self.history}.x"

    @property
    def updates(self) -> str:
        """Subject of `UpdatesRequest`."""
        return f"tp.{self.history}.q.updates"

    @property
    def snapshot(self) -> str:
        """Subject of `SnapshotRequest`."""
        return f"tp.{self.history}.q.snapshot"

    @property
    def queries(self) -> str:
        """Subjects of all requests."""
        return f"tp.{self.history}.q.*"

    @property
    def ticks(self) -> str:
        """Subject of `TicksMessage`, of an external feed; not stored."""
        return f"tp.{self.history}.m"

    @property
    def states(self) -> str:
        """Subject of `StatesMessage`: conflated states and the clock; not stored."""
        return f"tp.{self.history}.c"

    @property
    def interest(self) -> str:
        """Subject of `InterestMessage`, from edges to the core; not stored."""
        return f"tp.{self.history}.i"

    @property
    def bucket(self) -> str:
        """Key-value bucket of the core's record."""
        return f"tp-{self.history}"
