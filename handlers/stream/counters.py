"""Counts of the stream since the start of the server; `server/monitoring` exposes them."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class StreamCounters:
    """Counts of the stream; `behind` is a gauge."""

    accepted: int = 0  # connections that were opened
    publications: int = 0  # calls of `Hub.publish` that had a recipient
    frames: int = 0  # update frames sent or queued, counted per client
    bytes: int = 0  # bytes of those frames
    behind: int = 0  # open sockets that have a send queue, including closing ones
    conflated: int = 0  # queued updates that a newer one replaced
    closed: Counter[int] = field(default_factory=Counter)  # connections by close code
    recovered: int = 0  # subscriptions whose missed updates were replayed
    refused: int = 0  # subscriptions whose missed updates could not be replayed
