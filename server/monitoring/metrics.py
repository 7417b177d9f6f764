"""What the server counts, as Prometheus reads it.

Counting is a dictionary and an addition; everything else happens when somebody asks. Gauges are read from where they
live (hub, journal, ledger, ticker) at that moment, so nothing is counted twice.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))


class Reading(NamedTuple):
    """One value that is read when somebody asks; `kind` is counter or gauge, `labels` are names and values."""

    name: str
    help: str
    kind: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


Source = Callable[[], list[Reading]]


class Times:
    """How long the requests of one handler took: requests per bucket, and seconds in all."""

    __slots__ = ("buckets", "total_s")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.total_s = 0.0


class ServerMetrics:
    """Counts requests, and writes everything down for Prometheus.

    Args:
        source: Reads the values that live elsewhere.
    """

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, source: Source) -> None:
        self._source = source
        self._requests: dict[tuple[str, str, int], int] = {}
        self._times: dict[str, Times] = {}
        self._registry: CollectorRegistry | None = None

    def count(self, handler: str, method: str, status: int, took_s: float) -> None:
        """Count a request that was answered."""
        key = (handler, method if method in METHODS else "other", status)
        self._requests[key] = self._requests.get(key, 0) + 1
        times = self._times.get(handler)
        if times is None:
            times = self._times[handler] = Times()
        times.buckets[bisect_left(BOUNDS_S, took_s)] += 1
        times.total_s += took_s

    def requests(self) -> int:
        """Return how many requests were answered."""
        return sum(self._requests.values())

    def render(self) -> bytes:
        """Return everything in the text format."""
        from prometheus_client import generate_latest

        if self._registry is None:
            self._registry = self._register()
        return generate_latest(self._registry)

    def _register(self) -> "CollectorRegistry":
        from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
        from prometheus_client.registry import Collector

        metrics = self

        class Everything(Collector):
            def collect(self) -> Iterator["Metric"]:
                return metrics.collect()

        registry = CollectorRegistry(auto_describe=False)
        registry.register(Everything())
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        return registry

    def collect(self) -> Iterator["Metric"]:
        """Yield everything as Prometheus' families."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "trading_http_requests", "Requests that were answered.", labels=("handler", "method", "status")
        )
        for (handler, method, status), number in self._requests.items():
            requests.add_metric((handler, method, str(status)), number)
        yield requests
        times = HistogramMetricFamily(
            "trading_http_request_seconds", "How long answers took.", labels=("handler",), unit="seconds"
        )
        for handler, one in self._times.items():
            times.add_metric((handler,), cumulated(one.buckets), one.total_s)
        yield times
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for name, text, kind, value, labels in self._source():
            if name not in families:
                make = CounterMetricFamily if kind == "counter" else GaugeMetricFamily
                families[name] = make(name, text, labels=[label for label, _ in labels])
            families[name].add_metric([label for _, label in labels], value)
        yield from families.values()


def cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    """Return histogram buckets as Prometheus counts them: each holds all that are below its bound."""
    total, result = 0, []
    for bound, number in zip((*map(str, BOUNDS_S), "+Inf"), buckets, strict=True):
        total += number
        result.append((bound, float(total)))
    return result
