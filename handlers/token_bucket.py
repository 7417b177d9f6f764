"""The token bucket of every rate limit: frames of one socket, commands of one client. Times are monotonic seconds.

Read `server/security/rate_limits.py` next for the buckets of many clients.
"""


class TokenBucket:
    """A rate with a burst. A full bucket has `burst` tokens; `rate` tokens are added per second."""

    __slots__ = ("_at_s", "_tokens")

    def __init__(self, burst: float, now_s: float) -> None:
        self._tokens = burst
        self._at_s = now_s

    def take(self, now_s: float, rate: float, burst: float) -> float:
        """Take one token. Returns 0, or the seconds until one is available when there is none to take."""
        self._tokens = min(burst, self._tokens + (now_s - self._at_s) * rate)
        self._at_s = now_s
        if self._tokens < 1.0:
            return (1.0 - self._tokens) / rate
        self._tokens -= 1.0
        return 0.0
