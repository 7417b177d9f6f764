"""The result of one command or tick: its events, and the updates for clients."""

from typing import NamedTuple

from engine.broker.events import Event
from engine.models.market.scenarios import MarketEvent
from engine.topics import Update


class ClearedAccount(NamedTuple):
    """An account that was reset, and the number of its resets. Its channels start a new history."""

    account_id: str
    generation: int


class CommandResult(NamedTuple):
    """Outcome of one command or tick.

    Attributes:
        cause: Name of the command, or "tick", for the journal and the logs.
        time_ms: Market time in epoch milliseconds.
        events: All events in order; they become durable together or not at all.
        updates: Updates for clients, in the order of publication; to be sent when the events are durable.
        cleared: Accounts that were reset.
        opened: Ids of new accounts; an earlier subscription to such an id was one to the default account.
        violations: Broken ledger laws, written for people; empty unless there is a defect.
        is_partial: An error ended the command midway: its events must not be stored, and its changes must be undone.
    """

    cause: str
    time_ms: int
    events: tuple[Event | MarketEvent, ...]
    updates: list[Update]
    violations: tuple[str, ...] = ()
    cleared: tuple[ClearedAccount, ...] = ()
    opened: tuple[str, ...] = ()
    is_partial: bool = False
