"""History that is no longer in memory: the archive, and the rule for the queries that need it.

Memory has the newest orders and executions of an account. A query needs the archive if some of its rows are missing.
"""

from typing import Protocol

from engine.broker.account import Account
from engine.models.broker.orders import HistoryQuery
from engine.topics import Payload


class Archive(Protocol):
    """Stored history in pages. Its methods do not block the event loop."""

    async def orders(self, account: Account, query: HistoryQuery) -> list[Payload]:
        """Return a page of the orders that ended, oldest first."""

    async def executions(self, account: Account, query: HistoryQuery) -> list[Payload]:
        """Return a page of executions, oldest first."""


def has_all_orders(account: Account, query: HistoryQuery, found: int) -> bool:
    """Whether memory has all final orders of a query; `found` is the number of rows found there."""
    if account.order_count - account.began[1] <= len(account.working) + len(account.final):
        return True
    oldest = next(iter(account.final.values())).update_time
    return _is_within(oldest, query, found)


def has_all_executions(account: Account, query: HistoryQuery, found: int) -> bool:
    """Whether memory has all executions of a query; `found` is the number of rows found there."""
    if account.execution_count - account.began[2] <= len(account.executions):
        return True
    return _is_within(account.executions[0].time_ms, query, found)


def _is_within(oldest_ms: int, query: HistoryQuery, found: int) -> bool:
    if query.from_time is None:
        return found == query.limit
    return query.from_time > oldest_ms
