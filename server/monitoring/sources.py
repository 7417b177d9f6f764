"""The values of `/metrics` that other objects own, read at each request. Called by `metrics.py`."""

import asyncio
import logging

from prometheus_client.metrics_core import CounterMetricFamily as Counter
from prometheus_client.metrics_core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric

from handlers.services import Services
from handlers.stream.hub import Hub
from server.monitoring.logs import Writer


def readings(services: Services) -> list[Metric]:
    """Return the present values."""
    return [*stream_readings(services.hub), *_engine(services), *_lint(services), *process_readings(services)]


def stream_readings(hub: Hub) -> list[Metric]:
    """Return the values of the sockets."""
    (topics, subscriptions), counters = hub.counts(), hub.counters
    closed = Counter("trading_stream_closed", "Connections by close code.", labels=("code",))
    for code, number in sorted(counters.closed.items()):
        closed.add_metric((str(code),), number)
    return [
        Gauge("trading_stream_connections", "Open WebSockets.", len(hub.connections)),
        Gauge("trading_stream_topics", "Topics that have subscribers.", topics),
        Gauge("trading_stream_subscriptions", "Subscriptions of all connections.", subscriptions),
        Counter("trading_stream_accepted", "Accepted WebSockets.", counters.accepted),
        Counter("trading_stream_publications", "Publications with subscribers.", counters.publications),
        Counter("trading_stream_frames", "Update frames to clients.", counters.frames),
        Counter("trading_stream_bytes", "Bytes of update frames.", counters.bytes),
        Gauge("trading_stream_behind", "WebSockets with a send queue.", counters.behind),
        Counter("trading_stream_conflated", "Updates replaced by newer ones.", counters.conflated),
        Counter("trading_stream_recovered", "Subscriptions that resumed.", counters.recovered),
        Counter("trading_stream_unrecovered", "Subscriptions that could not resume.", counters.refused),
        closed,
    ]


def _engine(services: Services) -> list[Metric]:
    engine, journal, about = services.engine, services.journal, services.server_info
    ledger, ticker = engine.broker.ledger, about.ticker()
    working = sum(len(account.working) for account in engine.broker.accounts.values())
    return [
        Counter("trading_ticks", "Ticks since the start.", ticker.ticks),
        Counter("trading_ticks_skipped", "Whole tick periods that were missed.", ticker.skipped),
        Gauge("trading_ticker_running", "Whether the ticker runs.", ticker.running),
        Gauge("trading_journal_events", "Events in the journal.", journal.count),
        Gauge("trading_journal_writable", "Whether events can be stored.", journal.is_writable),
        Gauge("trading_publisher_waiting", "Batches that wait for the disk.", services.publisher.waiting),
        Counter("trading_ledger_checks", "Checks of the ledger.", ledger.checks),
        Counter("trading_ledger_violations", "Failed checks; each is a defect.", ledger.violations),
        Gauge("trading_accounts", "Open accounts.", len(engine.broker.accounts)),
        Gauge("trading_orders_working", "Orders that are not final.", working),
        Gauge("trading_tasks", "Tasks of the event loop.", len(asyncio.all_tasks())),
        Gauge("trading_uptime_seconds", "Seconds since the start.", about.uptime()),
    ]


def _lint(services: Services) -> list[Metric]:
    lint = services.server_info.lint()
    if lint is None:
        return []
    return [
        Counter("trading_lint_checks", "Checks of the rules of the conformance kit.", lint.checks),
        Counter("trading_lint_violations", "Broken rules of the conformance kit; each is a defect.", lint.violations),
    ]


def process_readings(services: Services) -> list[Metric]:
    """Return the values of requests and logs."""
    admission = services.admission
    refused = admission.commands.refused if admission.commands else 0
    dropped = sum(handler.dropped for handler in logging.getLogger().handlers if isinstance(handler, Writer))
    return [
        Gauge("trading_http_requests_active", "Requests in progress.", admission.active),
        Counter("trading_commands_refused", "Commands beyond the rate limit.", refused),
        Counter("trading_log_lines_dropped", "Lines dropped because the reader was too slow.", dropped),
    ]
