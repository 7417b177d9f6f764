"""States of conflated channels that come beside the stream: equity, profit and margin, of ticks and repeated ones.

They are sent after the updates that the core had stored before them, and left out when their account has newer updates:
the states of a commit are among its updates. Called by `replica.py`.
"""

from collections import deque
from collections.abc import Sequence
from typing import cast

import orjson

from engine.topics import Payload, Update
from handlers.edge.hub import EdgeHub, NumberedUpdates
from server.bus.messages import StatesMessage
from server.storage.commits import Position

MAX_HELD = 1000
"""Messages that wait for the stream; the oldest are dropped, because the core repeats all states."""


class ConflatedStates:
    """The states that were sent last, and those that wait for the stream."""

    def __init__(self, hub: EdgeHub) -> None:
        self._hub = hub
        self._held: deque[StatesMessage] = deque(maxlen=MAX_HELD)
        self._sent: dict[str, bytes] = {}
        self._committed: dict[str, Position] = {}
        """Position of the last commit by account; only those since the last message, and of accounts with clients."""

    def committed(self, position: Position, updates: Sequence[NumberedUpdates]) -> None:
        """Note a commit that was sent to the clients, and its states."""
        for channel, first_seq, bodies in updates:
            self._committed[account_of(channel)] = position
            if first_seq == 0:
                self._sent[channel] = bodies[-1]

    def add(self, message: StatesMessage) -> None:
        """Take a message; `send` sends its states."""
        self._held.append(message)

    def send(self, position: Position | None) -> None:
        """Send the states of the messages that are due at a position of the stream, unless they were sent before."""
        while self._held and (position is None or self._held[0].txn <= position):
            self._publish(self._held.popleft())

    def _publish(self, message: StatesMessage) -> None:
        wanted = self._hub.conflated_channels()
        accounts = {account_of(channel) for channel in wanted}
        self._committed = {one: txn for one, txn in self._committed.items() if one in accounts}
        self._sent = {channel: self._sent[channel] for channel in wanted if channel in self._sent}
        updates = []
        for channel, body in message.states.items():
            newest = self._committed.get(account_of(channel))
            if self._sent.get(channel) == body or (newest is not None and newest > message.txn):
                continue
            self._sent[channel] = body
            updates.append(Update(channel, cast(Payload, orjson.Fragment(body))))
        self._hub.publish(updates)


def account_of(channel: str) -> str:
    """Return the account of a channel."""
    return channel.split(":", 2)[1]
