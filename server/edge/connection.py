"""The connection of an edge to NATS: requests, the stream's consumer, the core's record, and messages that may be lost.

nats-py reconnects by itself. Nothing here knows the meaning of a message; `follower.py`, `requests.py` and `serve.py`
use it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from server.bus.names import CATALOGUE_KEY, CORE_KEY, DIRECTORY_BUCKET, BusNames
from server.bus.record import CoreRecord, decode_history
from server.edge.follower import HEARTBEAT_S, StreamLost, StreamMessage, StreamState

log = logging.getLogger("trading.edge")

RECONNECT_S = 0.25
CONNECT_S = 1
ANSWER_S = 2.0
INACTIVE_S = 30.0
"""Time after which the server removes the consumer of an edge that is gone."""

MAX_WAITING = 100_000
"""Messages that may wait in this process; flow control keeps them far below."""


class NatsStream:
    """The stream of one history; implements `follower.Stream`."""

    def __init__(self, client: Client, names: BusNames) -> None:
        self._client = client
        self._jetstream = client.jetstream(timeout=ANSWER_S)
        self._names = names

    async def state(self) -> StreamState:
        """Return the state of the stream. Raises: StreamLost."""
        try:
            info = await self._jetstream.stream_info(self._names.stream)
        except (NatsError, JetStreamError, TimeoutError) as error:
            raise StreamLost(repr(error)) from None
        return StreamState(info.created, info.state.last_seq)

    async def consume(self, first_seq: int) -> "NatsConsumer":
        """Return a consumer of the messages from a number on. Raises: StreamLost."""
        inbox = self._client.new_inbox()
        config = ConsumerConfig(
            deliver_subject=inbox,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=first_seq,
            ack_policy=AckPolicy.NONE,
            idle_heartbeat=HEARTBEAT_S,
            flow_control=True,
            mem_storage=True,
            num_replicas=1,
            inactive_threshold=INACTIVE_S,
        )
        queue: asyncio.Queue[Msg] = asyncio.Queue(MAX_WAITING)

        async def received(message: Msg) -> None:
            await queue.put(message)

        try:
            subscription = await self._client.subscribe(inbox, cb=received)
        except NatsError as error:
            raise StreamLost(repr(error)) from None
        try:
            info = await self._jetstream.add_consumer(self._names.stream, config)
        except (NatsError, JetStreamError, TimeoutError) as error:
            with suppress(NatsError):
                await subscription.unsubscribe()
            raise StreamLost(repr(error)) from None
        return NatsConsumer(self._client, subscription, self._jetstream, (self._names.stream, info.name), queue)


class NatsConsumer:
    """A push consumer of the stream; implements `follower.Consumer`."""

    def __init__(
        self,
        client: Client,
        subscription: Subscription,
        jetstream: JetStreamContext,
        name: tuple[str, str],
        queue: "asyncio.Queue[Msg]",
    ) -> None:
        self._client = client
        self._subscription = subscription
        self._jetstream = jetstream
        self._name = name
        self._queue = queue
        self._delivered = 0

    async def next(self, timeout_s: float) -> StreamMessage:
        """Return the next message or heartbeat.

        Raises:
            TimeoutError: Neither came in time.
            StreamLost: A message between this one and the one before it was not delivered.
        """
        try:
            message = self._queue.get_nowait()
        except asyncio.QueueEmpty:
            message = await asyncio.wait_for(self._queue.get(), timeout_s)
        if not message.reply.startswith("$JS.ACK."):
            # A heartbeat, or a message of the flow control, which has to be answered.
            stalled = (message.headers or {}).get("Nats-Consumer-Stalled", "")
            if answer_to := message.reply or stalled:
                with suppress(NatsError, OSError):
                    await self._client.publish(answer_to)
            return StreamMessage(0, None)
        fields = message.reply.split(".")
        bus_seq, delivered = int(fields[-4]), int(fields[-3])
        if delivered != self._delivered + 1:
            raise StreamLost(f"message {self._delivered + 1} of the consumer did not come")
        self._delivered = delivered
        return StreamMessage(bus_seq, message.data)

    async def close(self) -> None:
        """End the consumer."""
        with suppress(NatsError, JetStreamError, TimeoutError, OSError):
            await self._subscription.unsubscribe()
            if self._client.is_connected:
                await self._jetstream.delete_consumer(*self._name)


class EdgeConnection:
    """The connection to NATS."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def stream(self, names: BusNames) -> NatsStream:
        """Return the stream of a history."""
        return NatsStream(self._client, names)

    async def ask(self, subject: str, data: bytes, timeout_s: float) -> bytes:
        """Return the reply to a request. Raises: TimeoutError: there is none in time."""
        try:
            return (await self._client.request(subject, data, timeout=timeout_s)).data
        except (NatsError, OSError):
            raise TimeoutError from None

    async def publish(self, subject: str, data: bytes) -> None:
        """Send a message that may be lost."""
        with suppress(NatsError, OSError):
            await self._client.publish(subject, data)

    async def listen(self, subject: str, receive: Callable[[bytes], None]) -> None:
        """Call `receive` with each message of a subject. Errors of it are logged."""

        async def received(message: Msg) -> None:
            try:
                receive(message.data)
            except Exception:
                log.exception("a message of the bus failed subject=%s", subject)

        await self._client.subscribe(subject, cb=received)

    async def history(self, name: str) -> str | None:
        """Return the history of the core with a name; None while there is none, or the bus is away."""
        value = await self._value(DIRECTORY_BUCKET, name)
        return None if value is None else decode_history(value)

    async def record(self, names: BusNames) -> CoreRecord | None:
        """Return the core's record; None while there is none, or the bus is away."""
        value = await self._value(names.bucket, CORE_KEY)
        return None if value is None else CoreRecord.decode(value)

    async def catalogue(self, names: BusNames) -> bytes | None:
        """Return the core's instruments file; None while there is none, or the bus is away."""
        return await self._value(names.bucket, CATALOGUE_KEY)

    async def close(self) -> None:
        """Close the connection."""
        with suppress(NatsError, OSError, TimeoutError):
            await self._client.close()

    async def _value(self, bucket: str, key: str) -> bytes | None:
        try:
            store = await self._client.jetstream(timeout=ANSWER_S).key_value(bucket)
            return (await store.get(key)).value
        except NotFoundError:
            return None
        except (NatsError, JetStreamError, OSError, TimeoutError) as error:
            log.debug("a value of the bus cannot be read bucket=%s error=%r", bucket, error)
            return None


async def connect(urls: Sequence[str], name: str) -> EdgeConnection:
    """Connect to NATS; waits until a server answers."""

    async def failed(error: Exception) -> None:
        log.debug("bus error=%r", error)

    async def lost() -> None:
        if not client.is_closed:
            log.warning("the connection to the bus was lost")

    async def restored() -> None:
        log.info("connected to the bus again")

    client = await nats.connect(
        list(urls),
        name=name,
        connect_timeout=CONNECT_S,
        reconnect_time_wait=RECONNECT_S,
        max_reconnect_attempts=-1,
        ping_interval=5,
        max_outstanding_pings=2,
        allow_reconnect=True,
        error_cb=failed,
        disconnected_cb=lost,
        reconnected_cb=restored,
    )
    return EdgeConnection(client)
