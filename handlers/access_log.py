"""The access log and the order log: one line for each answered request, one for each order event.

The line of an order event is written when its result is durable, and carries the id of the request that caused it.
Lines name ids, never bodies or tokens. `server/monitoring/logs.py` decides where the lines go.
"""

import logging
from typing import Protocol

from engine.broker import events as ev
from engine.broker.command_result import CommandResult

log = logging.getLogger("trading.orders")
access_log = logging.getLogger("trading.access")

NO_REQUEST = "-"
"""Request id of a result that no request caused, for example of a tick."""


class Metrics(Protocol):
    """Counters of the server, rendered for a monitoring system."""

    content_type: str

    def count(self, handler: str, method: str, status: int, took_s: float) -> None:
        """Count an answered request."""

    def render(self) -> bytes:
        """Return all metrics as text."""


class Answered(Protocol):
    """The parts of an answered request that are logged."""

    @property
    def method(self) -> str | None:
        """HTTP method."""

    @property
    def path(self) -> str:
        """Path without the query."""


def note_answer(
    metrics: Metrics | None, handler: str, request: Answered, status: int, took_s: float, request_id: str
) -> None:
    """Count and log an answered request: at error level from status 500 on except 503, else at debug level."""
    if metrics is not None:
        metrics.count(handler, request.method or "", status, took_s)
    level = logging.ERROR if status >= 500 and status != 503 else logging.DEBUG
    if access_log.isEnabledFor(level):
        line = "request method=%s path=%s status=%d ms=%.1f request=%s"
        access_log.log(level, line, request.method, request.path, status, 1000 * took_s, request_id)


def log_order_events(result: CommandResult, request_id: str) -> None:
    """Log the orders that a durable result accepted, filled or rejected."""
    if not result.events or not log.isEnabledFor(logging.INFO):
        return
    for event in result.events:
        if isinstance(event, ev.OrderExecuted):
            line = "order filled account=%s order=%s symbol=%s execution=%s cause=%s request=%s"
            values: tuple[str, ...] = (event.account_id, event.order_id, event.symbol, event.execution_id)
        elif isinstance(event, ev.OrderAccepted):
            line = "order accepted account=%s order=%s symbol=%s cause=%s request=%s"
            values = (event.account_id, event.order_id, event.request.symbol)
        elif isinstance(event, ev.OrderRejected):
            line = "order rejected account=%s order=%s symbol=%s reason=%s cause=%s request=%s"
            values = (event.account_id, event.order_id, event.request.symbol, event.reason.value)
        else:
            continue
        log.info(line, *values, result.cause, request_id)
