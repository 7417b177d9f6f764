"""Rate limits: the token bucket of one socket's frames, and the buckets of all clients' commands.

Times are monotonic seconds. `admission.py` and `stream/connection.py` use them.
"""

from collections import OrderedDict
from collections.abc import Callable

MAX_CLIENTS = 10_000


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


class ClientBuckets:
    """One token bucket for each client, at most `MAX_CLIENTS` of them.

    When there are more clients, the least recently used bucket is removed. A bucket is full again after burst / rate
    seconds without use, and a new bucket is full too, so the removal has no effect after that time.

    Args:
        rate: Tokens per second.
        burst: Tokens in a full bucket.
        monotonic: Monotonic clock, in seconds.

    Attributes:
        refused: Number of refusals.
    """

    def __init__(self, rate: float, burst: int, monotonic: Callable[[], float]) -> None:
        self.rate = rate
        self.burst = burst
        self.monotonic = monotonic
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self.refused = 0

    def __len__(self) -> int:
        """Return the number of clients that have a bucket."""
        return len(self._buckets)

    def take(self, key: str) -> float:
        """Take a token; returns 0, or the seconds until the next token if there is none."""
        now = self.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self.burst, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        wait_s = bucket.take(now, self.rate, self.burst)
        self.refused += wait_s > 0
        return wait_s
