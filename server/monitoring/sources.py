"""The values of `/metrics` that other objects own, read at the time of the request. `metrics.py` calls it."""

import asyncio
import logging

from handlers.services import Services
from handlers.stream.hub import Hub
from server.monitoring.logs import Writer
from server.monitoring.metrics import Reading
from server.security.rate_limits import Buckets


def readings(services: Services) -> list[Reading]:
    """Return the present values."""
    return [*_stream(services.hub), *_engine(services), *_admission(services), *_logs()]


def _stream(hub: Hub) -> list[Reading]:
    (topics, subscriptions), counters = hub.counts(), hub.counters
    closed = [
        Reading("trading_stream_closed", "Connections by close code.", "counter", number, (("code", str(code)),))
        for code, number in sorted(counters.closed.items())
    ]
    return [
        Reading("trading_stream_connections", "Open WebSockets.", "gauge", len(hub.connections)),
        Reading("trading_stream_topics", "Topics that have subscribers.", "gauge", topics),
        Reading("trading_stream_subscriptions", "Subscriptions of all connections.", "gauge", subscriptions),
        Reading("trading_stream_accepted", "Accepted WebSockets.", "counter", counters.accepted),
        Reading("trading_stream_publications", "Publications with subscribers.", "counter", counters.publications),
        Reading("trading_stream_frames", "Update frames to clients.", "counter", counters.frames),
        Reading("trading_stream_bytes", "Bytes of update frames.", "counter", counters.bytes),
        Reading("trading_stream_behind", "WebSockets with a send queue.", "gauge", counters.behind),
        Reading(
            "trading_stream_conflated",
            "Updates replaced by newer ones.",
            "counter",
            counters.conflated,
        ),
        Reading("trading_stream_recovered", "Subscriptions that resumed.", "counter", counters.recovered),
        Reading("trading_stream_unrecovered", "Subscriptions that could not resume.", "counter", counters.refused),
        *closed,
    ]


def _engine(services: Services) -> list[Reading]:
    engine, journal, about = services.engine, services.journal, services.server_info
    ledger, ticker = engine.broker.ledger, about.ticker()
    working = sum(len(account.working) for account in engine.broker.accounts.values())
    return [
        Reading("trading_ticks", "Ticks since the start.", "counter", ticker.ticks),
        Reading("trading_ticks_skipped", "Whole tick periods that were missed.", "counter", ticker.skipped),
        Reading("trading_ticker_running", "Whether the ticker runs.", "gauge", ticker.running),
        Reading("trading_journal_events", "Events in the journal.", "gauge", journal.count),
        Reading("trading_journal_writable", "Whether events can be stored.", "gauge", journal.is_writable),
        Reading("trading_publisher_waiting", "Batches that wait for the disk.", "gauge", services.publisher.waiting),
        Reading("trading_ledger_checks", "Checks of the ledger.", "counter", ledger.checks),
        Reading("trading_ledger_violations", "Failed checks; each is a defect.", "counter", ledger.violations),
        Reading("trading_accounts", "Open accounts.", "gauge", len(engine.broker.accounts)),
        Reading("trading_orders_working", "Orders that are not final.", "gauge", working),
        Reading("trading_tasks", "Tasks of the event loop.", "gauge", len(asyncio.all_tasks())),
        Reading("trading_uptime_seconds", "Seconds since the start.", "gauge", about.uptime()),
    ]


def _admission(services: Services) -> list[Reading]:
    admission = services.admission
    refused = admission.commands.refused if isinstance(admission.commands, Buckets) else 0
    return [
        Reading("trading_http_requests_active", "Requests in progress.", "gauge", admission.active),
        Reading("trading_commands_refused", "Commands beyond the rate limit.", "counter", refused),
    ]


def _logs() -> list[Reading]:
    dropped = sum(handler.dropped for handler in logging.getLogger().handlers if isinstance(handler, Writer))
    return [Reading("trading_log_lines_dropped", "Lines dropped because the reader was too slow.", "counter", dropped)]
