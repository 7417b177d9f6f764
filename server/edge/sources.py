"""The values of `/metrics` at an edge, read at each request."""

from prometheus_client.metrics_core import CounterMetricFamily as Counter
from prometheus_client.metrics_core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric

from handlers.services import Services
from server.edge.link import Link
from server.edge.replica import Replica
from server.edge.requests import CoreRequests
from server.monitoring.sources import process_readings, stream_readings


def edge_readings(services: Services, replica: Replica, link: Link, requests: CoreRequests) -> list[Metric]:
    """Return the present values."""
    asked = Counter("trading_bus_requests", "Requests to the core over the bus.", labels=("kind",))
    for kind in ("snapshot", "updates"):
        asked.add_metric((kind,), requests.counts[kind])
    return [
        *stream_readings(services.hub),
        *process_readings(services),
        Counter("trading_bus_updates", "Updates received from the core.", replica.updates),
        Counter("trading_bus_losses", "Times that messages of the stream were lost.", replica.losses),
        Gauge("trading_bus_lag_updates", "Rows of updates of the core that did not come yet.", link.lag),
        Gauge("trading_bus_lag_seconds", "Time for which the edge has been behind the core.", link.lag_ms / 1000),
        Gauge("trading_bus_silence_seconds", "Time since the core was heard.", link.silence_ms / 1000),
        asked,
        Counter("trading_bus_requests_failed", "Requests to the core without an answer.", requests.failures),
    ]
