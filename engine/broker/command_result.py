"""One transaction: the events of a command or tick, and what the clients are told of them."""

from typing import NamedTuple

from engine.broker.events import Event
from engine.models.market.scenarios import MarketEvent
from engine.topics import Update


class CommandResult(NamedTuple):
    """Outcome of one command or tick.

    Attributes:
        cause: What made it happen ("place_order", "tick"), for the journal and the logs.
        time_ms: Market time of it.
        events: What happened, in order; they become durable together or not at all.
        updates: What the clients are told once they are, in the order of publication.
        cleared: Accounts that started anew, and how often they did: their channels have another history from here on.
        opened: Accounts that are new: their names were aliases before.
        violations: Broken ledger laws, written for people; empty unless there is a defect.
        is_torn: An error ended it midway: what it has changed must not be, and its events are not to be stored.
    """

    cause: str
    time_ms: int
    events: tuple[Event | MarketEvent, ...]
    updates: list[Update]
    violations: tuple[str, ...] = ()
    cleared: tuple[tuple[str, int], ...] = ()
    opened: tuple[str, ...] = ()
    is_torn: bool = False
