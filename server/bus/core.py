"""The core's side of the bus on NATS: one session after another, until the server stops.

A session is a connection with its tasks: the outbox, the answers to edges, the states and ticks that may be lost, and
the registration. When one of them fails, the session ends, and the next one begins as soon as the bus is there. The
rest of the server never waits for any of this. `outbox.py` has the promise about commits; read it next.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoServersError
from prometheus_client.metrics_core import Metric

from server.bus.answers import UNAVAILABLE, Answers
from server.bus.bus import Bus
from server.bus.client import BusClient
from server.bus.messages import ClockReading, InterestMessage, StatesMessage, TicksMessage
from server.bus.names import REPEAT_S, BusNames
from server.bus.outbox import BusLost, Outbox
from server.bus.queries import BusError
from server.bus.registration import Registration
from server.bus.states import EdgeStates
from server.bus.stream import JetStreamCommits
from server.bus.ticks import TickOutlet
from server.monitoring.bus import core_metrics

T = TypeVar("T")

log = logging.getLogger("trading.bus")

CONNECT_TIMEOUT_S = 2
RETRY_S = 0.25
"""Pause between two sessions."""

CLOSE_S = 0.5
"""Longest wait for the last commits at a stop."""

CANCEL_S = 0.2
"""Time after which a task that did not end is canceled again."""

PING_S = 5
"""Time between two pings; a server that does not answer two of them is away."""

REQUEST_TIMEOUT_S = 2.0
MAX_REQUESTS = 1000
"""Requests that may be in work; further ones are refused."""

STATES_IN_MESSAGE = 500
"""States or ticks in one message."""


class CoreParts(NamedTuple):
    """What a session serves.

    Attributes:
        clock: Reads the clock.
        ticks: The ticks of an external feed; None for other feeds.
    """

    outbox: Outbox
    states: EdgeStates
    answers: Answers
    registration: Registration
    clock: Callable[[], ClockReading]
    ticks: TickOutlet | None


class CoreBus(Bus):
    """The bus of a core.

    Args:
        urls: URLs of the NATS servers; passwords in them are never logged.
        address: Base of the core's URLs for edges, with `{port}` for the port that it listens on.
        parts: What it serves.
    """

    def __init__(self, urls: Sequence[str], address: str, parts: CoreParts) -> None:
        self._urls = list(urls)
        self._address = address
        self._parts = parts
        self._names = BusNames(parts.outbox.epoch)
        self._task: asyncio.Task[None] | None = None
        self._requests: set[asyncio.Task[None]] = set()

    def start(self, port: int) -> None:
        """Begin to serve edges, on the event loop. The server listens on `port`."""
        self._task = asyncio.get_running_loop().create_task(self._run(self._address.format(port=port)))

    async def close(self) -> None:
        """Send what is durable, if the bus takes it at once, and disconnect."""
        if self._task is None:
            return
        outbox = self._parts.outbox
        if outbox.is_open:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await outbox.when_acknowledged(outbox.durable)
        await end({self._task})

    def metrics(self) -> list[Metric]:
        """Return the counters for `/metrics`."""
        parts = self._parts
        return core_metrics(parts.outbox, parts.answers.counts, parts.states.edges)

    async def _run(self, address: str) -> None:
        """Hold one session after another; the first failure after a working one is logged."""
        sessions = -1
        while True:
            try:
                await self._session(address)
            except Exception as error:
                if self._parts.outbox.counters.sessions != sessions:
                    sessions = self._parts.outbox.counters.sessions
                    log.warning("bus away, commands go on error=%s: %s", type(error).__name__, error)
            await asyncio.sleep(RETRY_S)

    async def _session(self, address: str) -> None:
        """Connect and serve until something fails. Raises: BusLost, nats.errors.Error, OSError, TimeoutError."""
        lost = asyncio.Event()
        connection = await connect(self._urls, lost)
        parts, tasks = self._parts, set[asyncio.Task[None]]()
        try:
            await self._listen(connection)
            jetstream = connection.jetstream(timeout=REQUEST_TIMEOUT_S)
            work = [
                until_lost(lost),
                parts.outbox.run(JetStreamCommits(jetstream, self._names)),
                parts.registration.run(jetstream, address),
                self._publish_states(connection),
            ]
            if parts.ticks is not None:
                work.append(self._publish_ticks(connection, parts.ticks))
            tasks |= {asyncio.get_running_loop().create_task(one) for one in work}
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await end(tasks | self._requests)
            await close(connection)

    async def _listen(self, connection: Client) -> None:
        """Subscribe to requests and interest."""
        await connection.subscribe(self._names.queries, cb=self._requested)
        await connection.subscribe(self._names.interest, cb=self._heard)

    async def _requested(self, message: Msg) -> None:
        """Answer a request in a task of its own, because its answer may have to wait for the storage."""
        if len(self._requests) >= MAX_REQUESTS:
            await message.respond(BusError(UNAVAILABLE, "too many requests wait; ask again").encode())
            return
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)

    async def _answer(self, message: Msg) -> None:
        try:
            reply = await self._parts.answers.answer(message.subject.rpartition(".")[2], message.data)
            await message.respond(reply)
        except NatsError:
            log.debug("an edge got no reply because the bus went away")
        except Exception:
            log.exception("request of an edge failed subject=%s", message.subject)

    async def _heard(self, message: Msg) -> None:
        try:
            self._parts.states.heard(InterestMessage.decode(message.data))
        except (ValueError, KeyError, TypeError) as error:
            log.warning("the interest of an edge cannot be read error=%r", error)

    async def _publish_states(self, connection: Client) -> None:
        """Publish states when they change, and all of them with the clock after `REPEAT_S`."""
        outbox, states = self._parts.outbox, self._parts.states

        async def publish(is_repeated: bool) -> None:
            listed = [*(states.all() if is_repeated else states.take_new()).items()]
            for some in in_messages(listed) or [[]]:
                clock = self._parts.clock()
                message = StatesMessage(outbox.epoch, outbox.durable, outbox.acknowledged_seq, clock, dict(some))
                await connection.publish(self._names.states, message.encode())

        await publish_and_repeat(states.changed, publish)

    async def _publish_ticks(self, connection: Client, ticks: TickOutlet) -> None:
        """Publish ticks as they come, and the newest of each symbol after `REPEAT_S`."""

        async def publish(is_repeated: bool) -> None:
            for some in in_messages(ticks.newest() if is_repeated else ticks.take_new()):
                message = TicksMessage(self._parts.outbox.epoch, some)
                await connection.publish(self._names.ticks, message.encode())

        await publish_and_repeat(ticks.changed, publish)


def in_messages(values: Sequence[T]) -> list[Sequence[T]]:
    """Return states or ticks as they share messages."""
    return [values[begin : begin + STATES_IN_MESSAGE] for begin in range(0, len(values), STATES_IN_MESSAGE)]


async def publish_and_repeat(changed: asyncio.Event, publish: Callable[[bool], Awaitable[None]]) -> None:
    """Call `publish(False)` after each change, and `publish(True)` every `REPEAT_S`."""
    loop = asyncio.get_running_loop()
    repeat_at = loop.time()
    while True:
        try:
            async with asyncio.timeout_at(repeat_at):
                await changed.wait()
            await publish(False)
        except TimeoutError:
            repeat_at = loop.time() + REPEAT_S
            await publish(True)


async def connect(urls: Sequence[str], lost: asyncio.Event) -> Client:
    """Connect once; `lost` is set when the connection is lost.

    The client's own way of connecting again is not used: it would send what it has kept, to a stream that may be new.

    Raises:
        BusLost: No server accepts the connection.
        nats.errors.Error, OSError, TimeoutError: The connection cannot be used.
    """
    errors: list[Exception] = []

    async def ended() -> None:
        lost.set()

    async def failed(error: Exception) -> None:
        errors.append(error)
        del errors[:-1]

    client = BusClient()
    try:
        await client.connect(
            list(urls),
            name="trading-pro core",
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=CONNECT_TIMEOUT_S,
            ping_interval=PING_S,
            closed_cb=ended,
            disconnected_cb=ended,
            error_cb=failed,
        )
    except BaseException as error:
        await close(client)
        if isinstance(error, NoServersError):
            raise BusLost(f"no server accepts a connection: {errors[-1] if errors else ''}") from None
        raise
    return client


async def close(client: Client) -> None:
    """Close a connection, in whatever state it is."""
    with suppress(NatsError, OSError):
        await client.close()


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended; `asyncio.wait_for` of Python 3.11 may drop a cancellation."""
    pending = left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCEL_S)
    for task in pending:
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio does not log it


async def until_lost(lost: asyncio.Event) -> None:
    """Wait until the connection is lost. Raises: BusLost."""
    await lost.wait()
    raise BusLost("the connection was closed")
