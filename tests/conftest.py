"""Fixtures of every test: an event loop that is checked after the test, real servers and clients, a manual clock.

Async tests are plain coroutines, run by pytest-tornasync on `io_loop`. That plugin does not support async fixtures: a
fixture that needs the loop takes `io_loop` and calls `io_loop.run_sync`. The loop is the current one only there and in
async tests, so servers and clients are made there.
"""

import asyncio
import inspect
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import hypothesis
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, websocket_connect

from deploy.dist import ROOT, compile_typescript
from handlers.http.tornado_server import HttpServer
from server.app import make_http_server
from server.settings import Settings
from tests.faults.program import kill_all_started
from tests.live import Inbox, Live, Stream, compose
from tests.nats_server import NatsServer
from tests.raw import RawClient
from tests.shared import make_once, shared_folder
from tests.support import ManualClock

Serve = Callable[[Application], Awaitable[str]]
"""`await serve(application)`: starts a server on 127.0.0.1 and returns "127.0.0.1:port"."""

Connect = Callable[..., Awaitable[WebSocketClientConnection]]
"""`await connect(url_or_request, **websocket_connect_options)`: opens a WebSocket that is closed after the test."""

StartLive = Callable[..., Awaitable[Live]]
OpenStream = Callable[..., Awaitable[Stream]]
OpenRaw = Callable[..., Awaitable[RawClient]]

DRAIN_TIMEOUT_S = 3.0

hypothesis.settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, print_blob=True, max_examples=30
)
hypothesis.settings.register_profile("dev", deadline=None, max_examples=300)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every async test its own loop; skip the browser tests if BROWSER_TESTS=skip."""
    skip_browser = pytest.mark.skip(reason="BROWSER_TESTS=skip")
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            # Without it the plugin would run the test on the current loop.
            item.fixturenames[:] = ["io_loop", *(name for name in item.fixturenames if name != "io_loop")]
        if os.environ.get("BROWSER_TESTS") == "skip" and item.get_closest_marker("browser"):
            item.add_marker(skip_browser)


@pytest.fixture
def io_loop() -> Iterator[IOLoop]:
    """A new event loop; the test fails if a task still runs at its end or an exception was not handled."""
    asyncio_loop = asyncio.new_event_loop()
    unhandled: list[dict[str, Any]] = []
    asyncio_loop.set_exception_handler(lambda _, context: unhandled.append(context))
    loop = IOLoop(asyncio_loop=asyncio_loop, make_current=False)
    yield loop
    left_over = loop.run_sync(_drain)
    loop.run_sync(asyncio_loop.shutdown_default_executor)
    loop.close(all_fds=True)
    if left_over:
        pytest.fail("tasks still running after the test:\n" + "\n".join(left_over))
    if unhandled:
        pytest.fail("exceptions that nobody looked at:\n" + "\n".join(map(repr, unhandled)))


async def _drain() -> list[str]:
    """Wait for the tasks of closing connections; cancel the others and return their descriptions."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + DRAIN_TIMEOUT_S
    await asyncio.sleep(0)  # callbacks of the last closed connections
    while (tasks := asyncio.all_tasks() - {asyncio.current_task()}) and loop.time() < deadline:
        await asyncio.wait(tasks, timeout=deadline - loop.time())
    left_over = [repr(task) for task in tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return left_over


@pytest.fixture(autouse=True)
def no_program_left() -> Iterator[None]:
    """Kills the server processes that a test left running, also when it failed."""
    yield
    kill_all_started()


@pytest.fixture(scope="session")
def typescript_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled TypeScript client and its examples."""
    if not (ROOT / "clients/node_modules/typescript/bin/tsc").exists():
        pytest.skip("the compiler is not installed: npm ci in clients/")
    return make_once(shared_folder(tmp_path_factory) / "typescript", compile_typescript)


def started_nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """Yield a running NATS server, and kill it afterwards."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A NATS server of one test."""
    yield from started_nats(tmp_path_factory)


@pytest.fixture(scope="module")
def shared_nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A NATS server of one file; its tests use different names, and those that kill it start it again."""
    yield from started_nats(tmp_path_factory)


@pytest.fixture
def clock() -> ManualClock:
    """A clock that only the test advances."""
    return ManualClock()


@pytest.fixture
def http() -> str:
    """The value of `--http`; folders and files may parametrize it with both values."""
    return "llhttp"


@pytest.fixture
def serve(io_loop: IOLoop, http: Literal["llhttp", "tornado"]) -> Iterator[Serve]:
    """Starts real HTTP servers, each on a free port of 127.0.0.1; stops them after the test."""
    servers: list[HttpServer] = []

    async def start(site: Application) -> str:
        sockets = bind_sockets(0, "127.0.0.1")
        server = make_http_server(Settings(http=http), site)
        server.add_sockets(sockets)
        servers.append(server)
        return f"127.0.0.1:{sockets[0].getsockname()[1]}"

    async def stop() -> None:
        for server in servers:
            server.stop()
            await server.close_all_connections()

    yield start
    io_loop.run_sync(stop)


@pytest.fixture
def http_client(io_loop: IOLoop) -> Iterator[AsyncHTTPClient]:
    """A real HTTP client of this test's loop."""

    async def make() -> AsyncHTTPClient:
        return AsyncHTTPClient(force_instance=True)

    client = io_loop.run_sync(make)
    yield client
    client.close()


@pytest.fixture
def connect(io_loop: IOLoop) -> Iterator[Connect]:
    """Opens real WebSockets; closes those that the test left open, so that a failed test reports only its failure."""
    sockets: list[WebSocketClientConnection] = []

    async def open_one(url: str | HTTPRequest, **options: Any) -> WebSocketClientConnection:
        sockets.append(await websocket_connect(url, **options))
        return sockets[-1]

    async def close_all() -> None:
        for socket in sockets:
            socket.close()

    yield open_one
    io_loop.run_sync(close_all)


@pytest.fixture
def live(io_loop: IOLoop, serve: Serve, http_client: AsyncHTTPClient, clock: ManualClock) -> Iterator[StartLive]:
    """Starts composed servers that tick only in `step`: `server = await live(modules=("broker",))`."""
    started: list[Live] = []

    async def start(**settings: Any) -> Live:
        server = compose(clock, **settings)
        started.append(Live(server, await serve(server.site), clock, http_client))
        return started[-1]

    async def stop() -> None:
        for one in started:
            one.server.ticker.stop()
            await one.server.worlds.close()
            one.server.services.hub.close_all(1001, "the test is over")
        for one in started:
            await asyncio.wait_for(one.server.services.hub.wait_closed(), DRAIN_TIMEOUT_S + 1)
            await one.server.storage.close()

    yield start
    io_loop.run_sync(stop)


@pytest.fixture
def stream(connect: Connect) -> OpenStream:
    """Opens sockets: `client = await stream(server)`, at another address with `await stream(server, "/broker/ws")`."""

    async def open_stream(server: Live, path: str = "/ws") -> Stream:
        inbox: Inbox = asyncio.Queue()
        url = f"ws://{server.address}/api/v1{path}"
        return Stream(await connect(url, on_message_callback=inbox.put_nowait), inbox, server)

    return open_stream


@pytest.fixture
def raw(io_loop: IOLoop) -> Iterator[OpenRaw]:
    """Opens WebSockets at the level of bytes: `client = await raw(server)`; closes them after the test."""
    clients: list[RawClient] = []

    async def open_raw(server: Live, **options: Any) -> RawClient:
        clients.append(await RawClient.open(server.address, **options))
        return clients[-1]

    yield open_raw
    for client in clients:
        client.close()
