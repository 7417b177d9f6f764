"""What happened since the start, as plain numbers; the server exposes them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(slots=True)
class StreamCounters:
    """Counts.

    Attributes:
        accepted: Connections taken in.
        publications: Calls of `Hub.publish` that reached somebody.
        frames: Update frames handed over or queued for a client, each client counted.
        bytes: Bytes of them.
        behind: Sockets now for which something waits, or that are closing.
        conflated: Updates that a newer one replaced before they were sent.
        closed: Connections by the code that they were closed with; 4008 are the cut ones.
        recovered: Subscriptions that got what they had missed.
        refused: Subscriptions that asked for it and could not get it.
    """

    accepted: int = 0
    publications: int = 0
    frames: int = 0
    bytes: int = 0
    behind: int = 0
    conflated: int = 0
    closed: Counter[int] = field(default_factory=Counter)
    recovered: int = 0
    refused: int = 0


class Metrics(Protocol):
    """Writes what the server counted, in a format that a monitor reads."""

    content_type: str

    def count(self, handler: str, method: str, status: int, took_s: float) -> None:
        """Count a request that was answered."""

    def render(self) -> bytes:
        """Return everything as text."""
