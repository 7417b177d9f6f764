"""A server for clients that block: it runs on a loop of its own in a thread, and its clock stands still."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import requests
from tornado.netutil import bind_sockets

from engine.models.broker.account import AccountCreate
from handlers.http.tornado_server import HttpServer
from server.app import Server, make_http_server
from server.settings import Settings
from tests.live import compose
from tests.support import WAIT_S, ManualClock

T = TypeVar("T")
SATURDAY_MS = 1_768_060_800_000
"""2026-01-10 16:00 UTC, a Saturday."""


class Venue:
    """One server, started by `running`; `address` is its host and port, `url` the address of the dialect."""

    def __init__(self, clock: ManualClock, settings: dict[str, Any]) -> None:
        self.clock = clock
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._names = count(1)
        self.server: Server
        self._http: HttpServer
        self.address = ""

    def start(self) -> None:
        """Start the thread and the server."""
        self._thread.start()
        self.run(self._start())

    def stop(self) -> None:
        """Stop the server and the thread."""
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_S)
        self._loop.close()

    async def _start(self) -> None:
        self.server = compose(self.clock, **self._settings)
        sockets = bind_sockets(0, "127.0.0.1")
        self._http = make_http_server(Settings(), self.server.site)
        self._http.add_sockets(sockets)
        self.address = f"127.0.0.1:{sockets[0].getsockname()[1]}"

    async def _stop(self) -> None:
        self._http.stop()
        self.server.ticker.stop()
        self.server.services.hub.close_all(1001, "the test is over")
        await asyncio.wait_for(self.server.services.hub.wait_closed(), WAIT_S)
        await self._http.close_all_connections()
        await self.server.storage.close()
        await self._loop.shutdown_default_executor()

    @property
    def url(self) -> str:
        """Address of the dialect."""
        return f"http://{self.address}/alpaca"

    @property
    def stream_url(self) -> str:
        """Address of the dialect's streams."""
        return f"ws://{self.address}/alpaca"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop."""
        waiting: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return waiting.result(WAIT_S)

    def do(self, work: Callable[[], T]) -> T:
        """Call a function on the server's loop."""

        async def call() -> T:
            return work()

        return self.run(call())

    def step(self, ms: int = 200, ticks: int = 1) -> None:
        """Advance the clock and run a tick, some times."""

        def tick() -> None:
            self.clock.advance(ms)
            self.server.step()

        for _ in range(ticks):
            self.do(tick)

    def open_account(self, **fields: Any) -> str:
        """Open an account of its own for a test; returns its id, which is the key of its clients."""
        name = f"BOT-{next(self._names)}"

        async def create() -> None:
            services = self.server.services
            result = services.engine.create_account(AccountCreate(id=name, **fields)).result
            stored = services.publisher.commit(result, "test")
            if stored is not None:
                await stored

        self.run(create())
        return name

    def quote(self, symbol: str) -> tuple[float, float]:
        """Return bid and ask of a symbol."""

        def read() -> tuple[float, float]:
            engine = self.server.services.engine
            quote, instrument = engine.view().quote(symbol), engine.instrument(symbol)
            return instrument.price_out(quote.bid), instrument.price_out(quote.ask)

        return self.do(read)

    def call(self, key: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """Send a request to an address below `/alpaca`; the answer has the status. `replies.py` checks its shape."""
        headers = {"APCA-API-KEY-ID": key, "APCA-API-SECRET-KEY": "secret"}
        answer = requests.request(method, f"{self.url}{path}", json=body, headers=headers, timeout=WAIT_S)
        assert answer.status_code == status, answer.text
        assert status >= 400 or "X-RateLimit-Limit" in answer.headers
        return answer.json() if answer.content else None

    def native(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to an address below `/api/v1`, which succeeds."""
        answer = requests.request(method, f"http://{self.address}/api/v1{path}", json=body, timeout=WAIT_S)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextlib.contextmanager
def running(start_ms: int | None = None, data_dir: Path | None = None, **settings: Any) -> Iterator[Venue]:
    """Run a venue; with a data directory it keeps its state there."""
    if data_dir is not None:
        settings |= {"ephemeral": False, "data_dir": data_dir}
    venue = Venue(ManualClock() if start_ms is None else ManualClock(start_ms), settings)
    venue.start()
    try:
        yield venue
    finally:
        venue.stop()
