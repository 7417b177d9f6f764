"""Token buckets: how often each client may do something. Time is monotonic, memory is bounded."""

from collections import OrderedDict
from collections.abc import Callable

from handlers.token_bucket import TokenBucket

MAX_CLIENTS = 10_000


class Buckets:
    """One token bucket per client.

    A client that has not been seen for as long as its bucket takes to fill starts with a full one; so the clients that
    were seen longest ago are forgotten without harm, and never more than `MAX_CLIENTS` are kept.

    Args:
        rate: Tokens per second.
        burst: Tokens in a full bucket.
        monotonic: Seconds that never go back.
    """

    def __init__(self, rate: float, burst: int, monotonic: Callable[[], float]) -> None:
        self.rate = rate
        self.burst = burst
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self.refused = 0

    def __len__(self) -> int:
        """Return the number of clients that are kept."""
        return len(self._buckets)

    def take(self, key: str) -> float:
        """Take a token; returns 0, or the seconds until there is one."""
        now = self._monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self.burst, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        wait_s = bucket.take(now, self.rate, self.burst)
        self.refused += wait_s > 0
        return wait_s
