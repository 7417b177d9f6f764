"""The metrics of the bus at the core. Called by `server/bus/core.py`."""

from collections.abc import Mapping

from prometheus_client.metrics_core import CounterMetricFamily as Counter
from prometheus_client.metrics_core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric

from server.bus.outbox import Outbox


def core_metrics(outbox: Outbox, requests: Mapping[str, int], edges: int) -> list[Metric]:
    """Return the present values.

    Args:
        outbox: Its position, and its counters.
        requests: Requests of edges, by kind.
        edges: Edges that were heard lately.
    """
    answered = Counter("trading_bus_requests", "Requests of edges.", labels=("kind",))
    for kind, number in sorted(requests.items()):
        answered.add_metric((kind,), number)
    counters = outbox.counters
    return [
        Gauge("trading_bus_connected", "Whether commits are sent as they come.", outbox.is_live),
        Counter("trading_bus_published", "Messages of commits that were sent.", counters.published),
        Counter("trading_bus_acknowledged", "Messages that the stream has.", counters.acknowledged),
        Counter("trading_bus_republished", "Messages that were read from the journal.", counters.republished),
        Gauge("trading_bus_lag_updates", "Rows of updates that the stream does not have yet.", outbox.lag),
        Gauge("trading_bus_lag_seconds", "Age of the oldest of them.", outbox.lag_ms / 1000),
        Gauge("trading_bus_edges", "Edges that were heard lately.", edges),
        answered,
    ]
