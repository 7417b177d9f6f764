"""Metrics in Prometheus' text format.

Requests are counted here. All other values are read from their owners (hub, journal, ledger, ticker) when `/metrics` is
requested; `sources.py` lists them.
"""

from collections.abc import Callable, Iterable
from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))

disable_created_metrics()  # type: ignore[no-untyped-call]


class ServerMetrics(Collector):
    """Counts requests and renders all metrics.

    Args:
        source: Reads the values of other objects.
    """

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, source: Callable[[], Iterable[Metric]]) -> None:
        self._source = source
        self._registry = registry = CollectorRegistry(auto_describe=False)
        labels = ("handler", "method", "status")
        requests = Counter("trading_http_requests", "Answered requests.", labels, registry=registry)
        text = "Time from request to answer."
        times = Histogram("trading_http_request_seconds", text, ("handler",), buckets=BOUNDS_S, registry=registry)
        # Prometheus' `labels` takes longer than the counting, so its results are kept.
        self._requests, self._times = cache(requests.labels), cache(times.labels)
        registry.register(self)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)

    def collect(self) -> Iterable[Metric]:
        """Return the values of other objects."""
        return self._source()

    def count(self, handler: str, method: str, status: int, took_s: float) -> None:
        """Count an answered request."""
        self._requests(handler, method if method in METHODS else "other", status).inc()
        self._times(handler).observe(took_s)

    def render(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self._registry)
