"""The follower: one consumer of the stream for the whole process, which is created again after a silence.

The ordered consumer of nats-py comes back 10 to 20 s after the server was killed. This one expects a message or a
heartbeat within `SILENCE_S` and else subscribes again, from the message after the last one. `replica.py` processes the
messages.
"""

import asyncio
import logging
from datetime import datetime
from typing import NamedTuple, Protocol

from handlers.edge.core import CoreAway
from server.bus.messages import CommitMessage
from server.edge.replica import Replica

log = logging.getLogger("trading.edge")

HEARTBEAT_S = 0.5
SILENCE_S = 1.5
PAUSE_S = 0.25
"""Pause between two attempts to subscribe."""


class StreamState(NamedTuple):
    """The stream: when it was made, and the number of its last message."""

    created: datetime | None
    last_seq: int


class StreamMessage(NamedTuple):
    """A message of the stream and its number; None for a heartbeat."""

    bus_seq: int
    data: bytes | None


class Consumer(Protocol):
    """A consumer of the stream."""

    async def next(self, timeout_s: float) -> StreamMessage:
        """Return the next message or heartbeat. Raises: TimeoutError."""

    async def close(self) -> None:
        """End the consumer."""


class Stream(Protocol):
    """The stream on the bus. Its methods raise `StreamLost` while it cannot be used."""

    async def state(self) -> StreamState:
        """Return the state of the stream."""

    async def consume(self, first_seq: int) -> Consumer:
        """Return a consumer of the messages from a number on."""


class StreamLost(Exception):
    """The stream cannot be reached now."""


class Follower:
    """Receives the stream and passes its messages to the replica."""

    def __init__(self, stream: Stream, replica: Replica) -> None:
        self._stream = stream
        self._replica = replica
        self._created: datetime | None = None

    async def run(self) -> None:
        """Follow the stream until the task is canceled."""
        while True:
            try:
                await self._follow()
            except (StreamLost, TimeoutError, CoreAway) as error:
                log.warning("the stream is not received, subscribing again error=%r", error)
                await asyncio.sleep(PAUSE_S)

    async def _follow(self) -> None:
        """Receive messages until the consumer falls silent. Raises: TimeoutError; StreamLost; CoreAway."""
        state = await self._stream.state()
        is_first, is_new = self._created is None, state.created != self._created
        last_seq = state.last_seq if is_first else 0 if is_new else self._replica.bus_seq
        consumer = await self._stream.consume(last_seq + 1)
        try:
            if is_new and not is_first:
                await self._replica.recover()
            if is_new:
                self._created = state.created
                self._replica.begin(last_seq)
                self._replica.release()
            while True:
                bus_seq, data = await consumer.next(SILENCE_S)
                if data is not None:
                    await self._replica.receive(bus_seq, CommitMessage.decode(data))
        finally:
            await consumer.close()
