"""Counts of the stream since the start of the server; `server/monitoring` exposes them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(slots=True)
class StreamCounters:
    """Counts of the stream.

    Attributes:
        accepted: Connections that were opened.
        publications: Calls of `Hub.publish` that had a recipient.
        frames: Update frames sent or queued, counted per client.
        bytes: Bytes of those frames.
        behind: Open sockets that have a send queue, including closing ones. A gauge.
        conflated: Queued updates that a newer one replaced.
        closed: Connections by close code.
        recovered: Subscriptions whose missed updates were replayed.
        refused: Subscriptions whose missed updates could not be replayed.
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
    """Renders what the server counted in a format that a monitor reads."""

    content_type: str

    def count(self, handler: str, method: str, status: int, took_s: float) -> None:
        """Count a request that was answered."""

    def render(self) -> bytes:
        """Return all metrics as text."""
