"""Metrics in Prometheus' text format.

Requests are counted here. All other values are read from their owners (hub, journal, ledger, ticker) when `/metrics` is
requested; `sources.py` lists them.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
BUCKETS = (*map(str, BOUNDS_S), "+Inf")
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))


class ServerMetrics(Collector):
    """Counts requests and renders all metrics.

    The counters of `prometheus_client` take a lock and 2 us for each request. `collect` builds its types.

    Args:
        source: Reads the values of other objects.
    """

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, source: Callable[[], Iterable[Metric]]) -> None:
        self._source = source
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(BUCKETS))
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)

    def count(self, handler: str, method: str, status: int, took_s: float) -> None:
        """Count an answered request."""
        self._requests[handler, method if method in METHODS else "other", status] += 1
        self._buckets[handler][bisect_left(BOUNDS_S, took_s)] += 1
        self._seconds[handler] += took_s

    def render(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics as Prometheus' metric families."""
        labels = ("handler", "method", "status")
        requests = CounterMetricFamily("trading_http_requests", "Answered requests.", labels=labels)
        for (handler, method, status), number in self._requests.items():
            requests.add_metric((handler, method, str(status)), number)
        text = "Time from request to answer."
        times = HistogramMetricFamily("trading_http_request_seconds", text, labels=("handler",))
        for handler, numbers in self._buckets.items():
            # Buckets of Prometheus are cumulative.
            buckets = [(bound, float(total)) for bound, total in zip(BUCKETS, accumulate(numbers), strict=True)]
            times.add_metric((handler,), buckets, self._seconds[handler])
        yield requests
        yield times
        yield from self._source()
