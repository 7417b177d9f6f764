"""The events of durable results, for connections that follow the events of an account instead of topics.

`publisher.py` passes each result on when it is durable, after the updates of its topics.
"""

from collections.abc import Callable, Sequence

from engine.broker.command_result import CommandResult
from engine.broker.events import Event
from engine.models.market.scenarios import MARKET_EVENTS

Listener = Callable[[Sequence[Event]], None]
"""Called with the events of one account in one result, in order."""


class ResultFeed:
    """The listeners, at most one for each account."""

    def __init__(self) -> None:
        self._listeners: dict[str, Listener] = {}

    def follow(self, account_id: str, listener: Listener) -> None:
        """Call `listener` with the later events of an account."""
        self._listeners[account_id] = listener

    def leave(self, account_id: str) -> None:
        """Stop following an account."""
        self._listeners.pop(account_id, None)

    def publish(self, result: CommandResult) -> None:
        """Pass on the events of a durable result."""
        if not self._listeners:
            return
        found: dict[str, list[Event]] = {}
        for event in result.events:
            if not isinstance(event, MARKET_EVENTS) and event.account_id in self._listeners:
                found.setdefault(event.account_id, []).append(event)
        for account_id, events in found.items():
            self._listeners[account_id](events)
