"""The durable results, for those that follow events instead of topics: connections, and the recorder of the world.

`publisher.py` passes each result on when it is durable, after the updates of its topics and before the answer to its
command.
"""

from collections.abc import Callable, Sequence

from engine.broker.command_result import CommandResult
from engine.broker.events import Event
from engine.models.market.scenarios import MARKET_EVENTS

Listener = Callable[[Sequence[Event]], None]
"""Called with the events of one account in one result, in order."""


class ResultFeed:
    """The listeners: at most one for each account, and those for all results."""

    def __init__(self) -> None:
        self._listeners: dict[str, Listener] = {}
        self._followers: list[Callable[[CommandResult], None]] = []

    def follow_all(self, follower: Callable[[CommandResult], None]) -> None:
        """Call `follower` with every later result, also with those without events."""
        self._followers.append(follower)

    def follow(self, account_id: str, listener: Listener) -> None:
        """Call `listener` with the later events of an account."""
        self._listeners[account_id] = listener

    def leave(self, account_id: str) -> None:
        """Stop following an account."""
        self._listeners.pop(account_id, None)

    def publish(self, result: CommandResult) -> None:
        """Pass on a durable result."""
        for follower in self._followers:
            follower(result)
        if not self._listeners:
            return
        found: dict[str, list[Event]] = {}
        for event in result.events:
            if not isinstance(event, MARKET_EVENTS) and event.account_id in self._listeners:
                found.setdefault(event.account_id, []).append(event)
        for account_id, events in found.items():
            self._listeners[account_id](events)
