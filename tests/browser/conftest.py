"""A real server in its own process, a real Chromium, and one page with the console it wrote.

The whole page runs under the server's content security policy, so a breach of it fails a test as a console error. With
`RECORDINGS=FOLDER` every server is recorded, and its recordings are replayed when it stops; the folder keeps them.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from handlers.page_bundle import has_current_bundle
from tests.contract import wire

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "static/node_modules/esbuild"
ARTIFACTS = ROOT / "artifacts" / "browser"
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first one that is installed runs the page. The headless shell has no windows and takes half the CPU time."""
GREETING = "listening on "
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
REPLAY_S = 300
RECORDINGS = os.environ.get("RECORDINGS")
"""Folder of the recordings of all servers; none is recorded without it."""

WAIT_MS = 30_000
"""Longest wait for the page; it only ends a test that fails, so it is generous for a busy machine."""


Screenshot = Callable[[str], None]

expect.set_options(timeout=WAIT_MS)


class Terminal:
    """The page of one test.

    Attributes:
        console_errors: What the page wrote to the console as errors, exceptions nobody caught included. Empty at the
            end of every test: a test that provokes errors takes them out.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.console_errors: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        page.on("websocket", lambda socket: socket.on("framereceived", self._hold))

    def open(self, query: str = "") -> None:
        """Load the page and wait until its account is there."""
        self.page.goto(f"{self.address}/{query}")
        self.page.locator("body.ready").wait_for()
        self.page.locator("#summary [data-figure=equity]", has_text=".").wait_for()

    def take_errors(self) -> list[str]:
        """Return the errors so far and forget them."""
        errors, self.console_errors = self.console_errors, []
        return errors

    def _hold(self, frame: str | bytes) -> None:
        """Hold a frame that the page received against the contract."""
        try:
            wire.check_frame(json.loads(frame))
        except AssertionError as error:
            self.console_errors.append(str(error))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)


class ServerProcess:
    """`run.py` in a process of its own; it can be killed and started again at the same address.

    Attributes:
        address: Where it listens, the same after every start.
    """

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._data_dir: Path | None = None
        if RECORDINGS:
            self._data_dir, arguments = recorded(Path(RECORDINGS), arguments)
        self._command = [sys.executable, "run.py", *arguments]
        self._log = folder / "server.log"
        self._process: subprocess.Popen[str] | None = None
        self.address = "http://127.0.0.1:0"

    def start(self) -> None:
        """Start it and wait until it listens."""
        port = self.address.rpartition(":")[2]
        with self._log.open("a") as stderr:
            self._process = subprocess.Popen(
                [*self._command, "--port", port], cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True
            )
        assert self._process.stdout is not None
        is_ready, _, _ = select.select([self._process.stdout], [], [], START_TIMEOUT_S)
        line = self._process.stdout.readline() if is_ready else ""
        assert line.startswith(GREETING), f"the server said {line!r}\n{self._log.read_text()}"
        self.address = line.removeprefix(GREETING).strip()

    def kill(self) -> None:
        """End it without a chance to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop; it has to do so cleanly, and its recordings have to replay with the same hash."""
        assert self._end(signal.SIGTERM) == 0, self._log.read_text()
        for recording in sorted(self._data_dir.glob("recording-*.ndjson")) if self._data_dir else ():
            command = [sys.executable, "run.py", "replay", str(recording), *of_prices(self._command)]
            ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=REPLAY_S, check=False)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            print(f"{recording}: {ran.stdout}", end="")

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        with self._process as process:
            process.send_signal(how)
            try:
                return process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise

    def reset(self) -> None:
        """Let the default account start anew."""
        self.call("/broker/accounts/DEMO-ACCOUNT/reset", {})

    def call(self, path: str, body: object = None) -> Any:
        """Ask the REST interface, `path` beginning behind the version; with a body it is a POST."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.address}/api/v1{path}", data, {"Content-Type": "application/json"})
        with urlopen(request, timeout=WAIT_MS / 1000) as reply:
            return json.load(reply)


def recorded(folder: Path, arguments: Sequence[str]) -> tuple[Path, tuple[str, ...]]:
    """Return a data directory, and the arguments of a server that keeps its recordings there."""
    folder.mkdir(parents=True, exist_ok=True)
    data_dir = Path(tempfile.mkdtemp(prefix="server-", dir=folder))
    others = [one for one in arguments if one != "--ephemeral"]
    if "--data-dir" in others:
        place = others.index("--data-dir")
        del others[place : place + 2]
    return data_dir, (*others, "--data-dir", str(data_dir), "--record")


def of_prices(arguments: Sequence[str]) -> list[str]:
    """Return the arguments that a replay needs too: the files of instruments and prices."""
    pairs = pairwise(arguments)
    return [one for flag, value in pairs if flag in ("--instruments", "--replay") for one in (flag, value)]


def make_bundle() -> None:
    """Bundle the page if that was not done since its source changed; without esbuild the server serves the source."""
    if ESBUILD.exists() and not has_current_bundle(ROOT / "static"):
        subprocess.run(["node", "static/bundle.mjs"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all tests that do not stop it; it serves the bundled page."""
    make_bundle()
    process = ServerProcess(tmp_path_factory.mktemp("server"), "--ephemeral")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def server(shared_server: ServerProcess) -> ServerProcess:
    """The server, its default account as new."""
    shared_server.reset()
    return shared_server


@pytest.fixture(scope="package")
def control_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that offers control, in trading hours of another year; a test leaves its clock running at speed 1."""
    make_bundle()
    start = ("--control", "--record", "--start", "2027-06-01T15:00:00Z", "--sessions", "exchange")
    process = ServerProcess(tmp_path_factory.mktemp("control"), "--ephemeral", *start)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def mortal_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that the test may kill and start again; it keeps its data."""
    process = ServerProcess(tmp_path, "--data-dir", str(tmp_path / "data"))
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium, headless.

    While playwright's synchronous interface is open it keeps an event loop running, and a test of another package
    could not start its own: so it ends with the package.
    """
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        pytest.fail("no Chromium on PATH: install it, or leave these tests out with BROWSER_TESTS=skip")
    # Chromium's own sandbox does not start for root; the page under test is ours.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def terminal(request: pytest.FixtureRequest, browser: Browser, server: ServerProcess) -> Iterator[Terminal]:
    """A fresh page; parametrize it indirectly with options of the browser context."""
    yield from terminal_of(browser, server.address, getattr(request, "param", {}))


@pytest.fixture
def control_terminal(
    request: pytest.FixtureRequest, browser: Browser, control_server: ServerProcess
) -> Iterator[Terminal]:
    """A fresh page of the server that offers control, its default account as new."""
    control_server.reset()
    yield from terminal_of(browser, control_server.address, getattr(request, "param", {}))


@pytest.fixture
def mortal_terminal(browser: Browser, mortal_server: ServerProcess) -> Iterator[Terminal]:
    """A fresh page of a server that may be killed."""
    yield from terminal_of(browser, mortal_server.address, {})


def terminal_of(browser: Browser, address: str, options: dict[str, Any]) -> Iterator[Terminal]:
    """Yield a fresh page in a context of its own, and hold its console against the rules at the end."""
    defaults = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}
    context = browser.new_context(**(defaults | options))
    terminal = Terminal(context.new_page(), address)
    yield terminal
    context.close()
    assert terminal.console_errors == []


@pytest.fixture
def screenshot(terminal: Terminal) -> Screenshot:
    """Keeps pictures of the page: `screenshot("name")` writes `artifacts/browser/name.png`."""

    def take(name: str) -> None:
        terminal.page.screenshot(path=ARTIFACTS / f"{name}.png")

    return take
