"""Limits of one HTTP connection: timeouts in seconds, and sizes in bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Limits of one connection. Times are seconds.

    Attributes:
        idle_s: Between two requests.
        head_s: For the head of a request, from its first byte; also for the first byte of a new connection.
        body_s: For the body.
        write_s: For the client to receive an answer.
        linger_s: For the client to close after the last answer.
        sweep_s: Period of the check for connections past their deadline.
        head_bytes: Size of a request's head, and of its trailers.
        body_bytes: Size of an accepted body; a larger one is answered 413.
        dropped_bytes: Size of a refused body that is still read to its end, so that the client can read the answer.
    """

    idle_s: float = 120.0
    head_s: float = 7.0
    body_s: float = 8.0
    write_s: float = 30.0
    linger_s: float = 2.0
    sweep_s: float = 1.0
    head_bytes: int = 16 * 1024
    body_bytes: int = 64 * 1024
    dropped_bytes: int = 16 * 1024 * 1024
