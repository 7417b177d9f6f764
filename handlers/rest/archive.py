"""History that left memory: where it comes from, and which questions have to go there.

Memory keeps the newest orders and executions of an account; it answers whatever it surely knows in full.
"""

from typing import Protocol

from engine.broker.account import Account
from engine.models.broker.orders import HistoryQuery
from engine.topics import Payload


class Archive(Protocol):
    """What was stored, paged. Nothing here holds up the loop."""

    async def orders(self, account: Account, query: HistoryQuery) -> list[Payload]:
        """Return a page of the orders that ended, oldest first."""

    async def executions(self, account: Account, query: HistoryQuery) -> list[Payload]:
        """Return a page of executions, oldest first."""


def has_all_orders(account: Account, query: HistoryQuery, found: int) -> bool:
    """Whether memory, which found so many rows, answers a question for ended orders in full."""
    if account.order_count - account.began[1] <= len(account.working) + len(account.final):
        return True
    oldest = next(iter(account.final.values())).update_time
    return _is_within(oldest, query, found)


def has_all_executions(account: Account, query: HistoryQuery, found: int) -> bool:
    """Whether memory, which found so many rows, answers a question for executions in full."""
    if account.execution_count - account.began[2] <= len(account.executions):
        return True
    return _is_within(account.executions[0].time_ms, query, found)


def _is_within(oldest_ms: int, query: HistoryQuery, found: int) -> bool:
    if query.from_time is None:
        return found == query.limit
    return query.from_time > oldest_ms
