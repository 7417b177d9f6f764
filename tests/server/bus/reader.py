"""A reader of the bus for tests: it reads the stream as an edge does, and asks for what it has missed."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from engine.core import DEFAULT_ACCOUNT
from server.bus.client import BusClient
from server.bus.messages import CommitMessage
from server.bus.names import CORE_KEY, DIRECTORY_BUCKET, BusNames
from server.bus.queries import SnapshotReply, SnapshotRequest, UpdatesReply, UpdatesRequest
from server.bus.record import CoreRecord, decode_history
from server.storage.commits import Position
from tests.live import WAIT_S, Live
from tests.nats_server import NatsServer

CHANNELS = [f"{route}:{DEFAULT_ACCOUNT}" for route in ("broker-connection", "executions", "orders", "positions")]
CHANNELS.append(f"executions:{DEFAULT_ACCOUNT}:AAPL")
EMPTY = Position(-1, -1)


async def connected(server: Live) -> None:
    """Wait until a core has sent everything and sends commits as they come."""
    async with asyncio.timeout(WAIT_S):
        while True:
            bus = (await server.call("GET", "/health"))["bus"]
            if (bus["status"], bus["lag"]) == ("connected", 0):
                return


class Reader:
    """Reads the commits of one history.

    Attributes:
        names: Names of the history.
        messages: Every message, oldest first.
        losses: How often the stream was created anew behind the last message that was read.
        position: Position of the last message.
        received: The updates of each channel, in the order of their numbers.
    """

    def __init__(self, server: NatsServer, history: str) -> None:
        self.names = BusNames(history)
        self.messages: list[CommitMessage] = []
        self.losses = 0
        self.position = EMPTY
        self.received: dict[str, list[bytes]] = {}
        self._server = server
        self._seq = 0
        self._created: datetime | None = None
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """The connection."""
        assert self._client is not None
        return self._client

    async def connect(self) -> None:
        """Connect, for the first time or again after the server was killed."""
        await self.close()

        async def failed(_error: Exception) -> None:
            """Ignore errors of a killed server."""

        self._client = BusClient()
        await self._client.connect(self._server.url, allow_reconnect=False, error_cb=failed)

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.close()

    async def read(self) -> None:
        """Read the new messages of the stream."""
        jetstream = self.client.jetstream()
        try:
            info = await jetstream.stream_info(self.names.stream)
        except NotFoundError:
            return
        state, created = info.state, info.created
        if created != self._created:
            self._seq, self._created = 0, created
        begin, self._seq = max(self._seq + 1, state.first_seq), state.last_seq
        for number in range(begin, state.last_seq + 1):
            stored = await jetstream.get_msg(self.names.stream, number)
            assert stored.data is not None
            await self._take(CommitMessage.decode(stored.data))

    async def _take(self, message: CommitMessage) -> None:
        self.messages.append(message)
        if message.after != self.position and self.position != EMPTY:
            self.losses += 1
            for channel in CHANNELS:
                await self._fetch_missed(channel)
        self.position = message.txn
        for channel, first_seq, bodies in message.updates:
            received = self.received.setdefault(channel, [])
            assert first_seq <= len(received) + 1, f"{channel} has a gap before {first_seq}"
            received += bodies[len(received) + 1 - first_seq :]

    async def _fetch_missed(self, channel: str) -> None:
        received = self.received.setdefault(channel, [])
        while (reply := await self.updates(channel, len(received))).seq > len(received):
            assert reply.updates
            received += reply.updates

    async def updates(self, channel: str, after_seq: int) -> UpdatesReply:
        """Ask for the updates of a channel."""
        request = UpdatesRequest(channel, after_seq).encode()
        return UpdatesReply.decode((await self.client.request(self.names.updates, request, WAIT_S)).data)

    async def snapshot(self, topic: str, has_state: bool = True) -> SnapshotReply:
        """Ask for the state of a topic."""
        request = SnapshotRequest(topic, has_state).encode()
        return SnapshotReply.decode((await self.client.request(self.names.snapshot, request, WAIT_S)).data)

    async def record(self) -> CoreRecord:
        """Return the registration of the core."""
        return CoreRecord.decode(await self.value(self.names.bucket, CORE_KEY))

    async def history(self, name: str) -> str:
        """Return the history of a core's name."""
        return decode_history(await self.value(DIRECTORY_BUCKET, name))

    async def value(self, bucket: str, key: str) -> bytes:
        """Return a value of a bucket as soon as there is one."""
        async with asyncio.timeout(WAIT_S):
            while True:
                with suppress(NotFoundError):
                    entry = await (await self.client.jetstream().key_value(bucket)).get(key)
                    assert entry.value is not None
                    return entry.value

    async def listen(self, subject: str) -> "asyncio.Queue[Any]":
        """Subscribe to a subject that is not stored; return the queue of its messages."""
        queue: asyncio.Queue[Any] = asyncio.Queue()

        async def keep(message: Any) -> None:
            queue.put_nowait(message.data)

        await self.client.subscribe(subject, cb=keep)
        await self.client.flush()
        return queue
