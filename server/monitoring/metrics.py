"""Metrics in Prometheus' text format.

Requests are counted here. All other values are read from their owners (hub, journal, ledger, ticker) when `/metrics` is
requested; `sources.py` lists them.
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
    """One value of a metric. `kind` is "counter" or "gauge"; `labels` are pairs of name and value."""

    name: str
    help: str
    kind: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


Source = Callable[[], list[Reading]]


class Durations:
    """Histogram of one handler: requests in each bucket, and total seconds."""

    __slots__ = ("buckets", "total_s")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.total_s = 0.0


class ServerMetrics:
    """Counts requests and renders all metrics.

    Args:
        source: Reads the values of other objects.
    """

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, source: Source) -> None:
        self._source = source
        self._requests: dict[tuple[str, str, int], int] = {}
        self._durations: dict[str, Durations] = {}
        self._registry: CollectorRegistry | None = None

    def count(self, handler: str, method: str, status: int, took_s: float) -> None:
        """Count an answered request."""
        key = (handler, method if method in METHODS else "other", status)
        self._requests[key] = self._requests.get(key, 0) + 1
        durations = self._durations.get(handler)
        if durations is None:
            durations = self._durations[handler] = Durations()
        durations.buckets[bisect_left(BOUNDS_S, took_s)] += 1
        durations.total_s += took_s

    def render(self) -> bytes:
        """Return all metrics in the text format."""
        from prometheus_client import generate_latest

        if self._registry is None:
            self._registry = self._register()
        return generate_latest(self._registry)

    def _register(self) -> "CollectorRegistry":
        from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
        from prometheus_client.registry import Collector

        metrics = self

        class AllMetrics(Collector):
            def collect(self) -> Iterator["Metric"]:
                return metrics.collect()

        registry = CollectorRegistry(auto_describe=False)
        registry.register(AllMetrics())
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        return registry

    def collect(self) -> Iterator["Metric"]:
        """Yield all metrics as Prometheus' metric families."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "trading_http_requests", "Answered requests.", labels=("handler", "method", "status")
        )
        for (handler, method, status), number in self._requests.items():
            requests.add_metric((handler, method, str(status)), number)
        yield requests
        times = HistogramMetricFamily(
            "trading_http_request_seconds", "Time from request to answer.", labels=("handler",), unit="seconds"
        )
        for handler, one in self._durations.items():
            times.add_metric((handler,), cumulative(one.buckets), one.total_s)
        yield times
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for name, text, kind, value, labels in self._source():
            if name not in families:
                make = CounterMetricFamily if kind == "counter" else GaugeMetricFamily
                families[name] = make(name, text, labels=[label for label, _ in labels])
            families[name].add_metric([label for _, label in labels], value)
        yield from families.values()


def cumulative(buckets: list[int]) -> list[tuple[str, float]]:
    """Return cumulative buckets: each counts the requests up to its bound."""
    total, result = 0, []
    for bound, number in zip((*map(str, BOUNDS_S), "+Inf"), buckets, strict=True):
        total += number
        result.append((bound, float(total)))
    return result
