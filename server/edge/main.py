"""Start and stop of an edge: connect to the bus, find the core, compose, follow it, stop.

Called by `server/main.py` for `--role edge`. `app.py` composes the parts; read it next. The address answers 503 until
the core was found. When the core has another history or another market, the process ends with status 1, and the
service manager starts it again.
"""

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from handlers.errors import CloseCode
from handlers.http.tornado_server import HttpServer
from handlers.turns import in_turns
from server import VERSION
from server.bus.messages import ClockReading, StatesMessage, TicksMessage
from server.bus.names import BusNames
from server.bus.record import CoreRecord
from server.edge.app import Edge, EdgeParts, make_edge
from server.edge.clock import EdgeClock
from server.edge.connection import EdgeConnection, connect
from server.edge.follower import Follower
from server.edge.market import BadCore, market_of, settings_of
from server.listening import FAILED, GC_THRESHOLDS, Endpoint, clear_port, end, end_on_signals, listen, write_port
from server.monitoring.systemd import Notifier
from server.security.admission import make_admission, reload_on_hangup, warn_if_open
from server.settings import Settings

log = logging.getLogger("trading.edge")

FIND_S = 0.25
"""Pause between two attempts to find the core."""

CHECK_S = 0.25
RECORD_S = 2.0
"""Time between two readings of the core's record."""

ANSWER_TIMEOUT_S = 1.0
CLOSE_TIMEOUT_S = 1.5


class Found(NamedTuple):
    """A core on the bus: its names, its record, and its instruments file if it has one."""

    names: BusNames
    record: CoreRecord
    catalogue: bytes | None


class CoreRecords:
    """The newest record of the core that was read.

    Args:
        found: The core.
        connection: Reads its record.
    """

    def __init__(self, found: Found, connection: EdgeConnection) -> None:
        self._names, self._record = found.names, found.record
        self._connection = connection

    @property
    def address(self) -> str:
        """Base of the core's URLs."""
        return self._record.address

    async def read(self) -> CoreRecord:
        """Read the record, and return the newest one."""
        record = await self._connection.record(self._names)
        if record is not None:
            self._record = record
        return self._record


async def serve_edge(settings: Settings, close_logs: Callable[[], None]) -> int:  # noqa: ARG001 - as `main.serve`
    """Run an edge until SIGTERM or SIGINT; returns the exit status.

    Args:
        settings: Settings of the edge.
        close_logs: Not used: an edge stores nothing, so it never ends without a return.

    Raises:
        OSError: The port is taken, or the port file cannot be written.
        ValueError: The key, or a file of a replay, cannot be used.
    """
    gc.set_threshold(*GC_THRESHOLDS)
    loop, notifier = asyncio.get_running_loop(), Notifier()
    clear_port(settings.port_file)
    clock = EdgeClock(ClockReading(0, 0, 1.0))
    admission = make_admission(settings, clock)
    endpoint, ended = listen(settings, admission), end_on_signals(loop)
    starting = asyncio.create_task(start(settings, clock, endpoint))
    await asyncio.wait((starting, ended), return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        endpoint.listener.stop()
        await endpoint.listener.close_all_connections()
        return await ended
    try:
        running = starting.result()
    except BadCore as error:
        raise ValueError(str(error)) from None
    edge = running.edge
    reload_on_hangup(admission, edge.hub, loop)
    write_port(settings.port_file, endpoint.port)
    announce(settings, endpoint.port)
    notifier.ready()
    tasks = [loop.create_task(one) for one in running.work(ended)]
    for task in tasks:
        task.add_done_callback(lambda done: end_on_failure(done, ended))
    status = await ended
    notifier.stopping()
    for task in tasks:
        task.cancel()
    await stop(edge, endpoint.listener)
    await running.connection.close()
    notifier.close()
    log.info("stopped uptime=%.1f", edge.services.server_info.uptime())
    return status


class Running(NamedTuple):
    """An edge that follows its core."""

    edge: Edge
    connection: EdgeConnection
    records: CoreRecords
    found: Found
    follower: Follower
    bus_name: str

    def work(self, ended: "asyncio.Future[int]") -> list[Coroutine[Any, Any, None]]:
        """Return everything that runs until the end."""
        return [self.follower.run(), self.watch(), self.edge.interest.run(), self.check_core(ended), self.warm()]

    async def watch(self) -> None:
        """Compute lag and status several times a second, and tell the subscribers of the status."""
        edge, was = self.edge, self.edge.link.status
        while True:
            await asyncio.sleep(CHECK_S)
            edge.link.check()
            if edge.link.status is not was:
                was = edge.link.status
                log.info("connection to the core status=%d", was["status"])
                edge.publish_connection()

    async def check_core(self, ended: "asyncio.Future[int]") -> None:
        """Read the core's record again and again; end the process when the core has another history or market."""
        while True:
            await asyncio.sleep(RECORD_S)
            history = await self.connection.history(self.bus_name)
            record = await self.records.read()
            if history not in (None, self.found.record.epoch) or record.market != self.found.record.market:
                log.error("the core has another history or another market; the edge has to start again")
                end(ended, FAILED)

    async def warm(self) -> None:
        """Compute the data for the first quotes in advance, in short steps between other work."""
        engine = self.edge.services.engine
        await in_turns(engine.market.warm(engine.now_ms()))


async def start(settings: Settings, clock: EdgeClock, endpoint: Endpoint) -> Running:
    """Connect to the bus, find the core, compose the edge and serve it. Raises: BadCore; ValueError."""
    log.info("connecting to the bus")
    connection = await connect(settings.bus, f"trading-pro edge {endpoint.port}")
    log.info("looking for the core name=%s", settings.bus_name)
    found = await find(connection, settings.bus_name)
    record = found.record
    if record.version != VERSION:
        raise BadCore(f"the core has version {record.version}, this program is {VERSION}")
    if record.clock is not None:
        clock.follow(record.clock)
    chosen, records = settings_of(settings, record), CoreRecords(found, connection)
    market = market_of(chosen, found.catalogue)
    parts = EdgeParts(chosen, market, clock, endpoint.site.admission, record, records.read, connection)
    edge = make_edge(parts, lambda: records.address)
    running = Running(
        edge, connection, records, found, Follower(connection.stream(found.names), edge.replica), settings.bus_name
    )
    await connection.listen(found.names.states, lambda data: edge.receive_states(StatesMessage.decode(data)))
    await connection.listen(found.names.ticks, lambda data: edge.market.publish(TicksMessage.decode(data)))
    endpoint.site.serve(edge.site)
    return running


async def find(connection: EdgeConnection, name: str) -> Found:
    """Wait until a core with a name is on the bus, and return it."""
    while True:
        history = await connection.history(name)
        if history is not None:
            names = BusNames(history)
            record = await connection.record(names)
            catalogue = await connection.catalogue(names) if record is not None and record.has_catalogue else None
            if record is not None and (catalogue is not None or not record.has_catalogue):
                return Found(names, record, catalogue)
        await asyncio.sleep(FIND_S)


def end_on_failure(task: "asyncio.Task[None]", ended: "asyncio.Future[int]") -> None:
    """End the process when a task failed because of a defect."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("the edge failed", exc_info=error)
        end(ended, FAILED)


def announce(settings: Settings, port: int) -> None:
    """Print the address on standard output and log the start."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"listening on http://{host}:{port}")
    print(f"edge of the core {settings.bus_name}; stop with Ctrl+C", flush=True)
    warn_if_open(settings)
    log.info("started version=%s role=edge host=%s port=%d auth=%s", VERSION, settings.host, port, settings.auth)


async def stop(edge: Edge, listener: HttpServer) -> None:
    """Stop accepting, finish the requests, and close the WebSockets with 1012."""
    admission, loop = edge.services.admission, asyncio.get_running_loop()
    listener.stop()
    admission.is_closing = True
    edge.ticker.stop()
    began = loop.time()
    while (admission.active or listener.is_answering) and loop.time() < began + ANSWER_TIMEOUT_S:
        await asyncio.sleep(0.01)
    edge.hub.close_all(CloseCode.RESTARTING, "the server is restarting")
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await edge.hub.wait_closed()
    except TimeoutError:
        log.warning("some connections did not close in time")
    finally:
        await listener.close_all_connections()
        edge.client.close()
