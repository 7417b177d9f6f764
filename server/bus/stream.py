"""The stream of the commits on JetStream: created when it is missing, written by the core alone.

`outbox.py` decides what is published; `core.py` connects.
"""

import asyncio

from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, PubAck, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError, ServiceUnavailableError

from server.bus.messages import CommitMessage
from server.bus.names import DUPLICATE_WINDOW_S, EXPECTED_SEQUENCE, MESSAGE_ID, STREAM_AGE_S, BusNames
from server.bus.outbox import BusLost, StreamEnd


class JetStreamCommits:
    """A `server.bus.outbox.CommitStream` on JetStream.

    Args:
        jetstream: Its context on an open connection.
        names: Names of the history.
    """

    def __init__(self, jetstream: JetStreamContext, names: BusNames) -> None:
        self._jetstream = jetstream
        self._names = names

    async def open(self) -> StreamEnd:
        """Create the stream if it is missing; return its end. Raises: BusLost, nats.errors.Error, TimeoutError."""
        name = self._names.stream
        try:
            state = (await self._jetstream.stream_info(name)).state
        except ServiceUnavailableError:
            raise BusLost("the NATS server has no JetStream; it is started with -js") from None
        except NotFoundError:
            state = (await self._jetstream.add_stream(self._config())).state
        if not state.messages:
            return StreamEnd(state.last_seq, None)
        last = await self._jetstream.get_msg(name, state.last_seq)
        assert last.data is not None
        return StreamEnd(state.last_seq, CommitMessage.decode(last.data).txn)

    async def publish(self, message_id: str, expected: int, data: bytes) -> "asyncio.Future[PubAck]":
        """Send a message that the stream takes only behind the message `expected`. Raises: nats.errors.Error."""
        headers = {MESSAGE_ID: message_id, EXPECTED_SEQUENCE: str(expected)}
        return await self._jetstream.publish_async(self._names.commits, data, headers=headers)

    def _config(self) -> StreamConfig:
        """Return the configuration. The journal is the truth, so the stream is in memory and drops the oldest."""
        return StreamConfig(
            name=self._names.stream,
            subjects=[self._names.commits],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.MEMORY,
            discard=DiscardPolicy.OLD,
            max_age=STREAM_AGE_S,
            duplicate_window=DUPLICATE_WINDOW_S,
        )
