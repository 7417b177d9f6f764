"""A real server in its own process, a real Chromium, and one page with the console it wrote.

The whole page runs under the server's content security policy, so a breach of it fails a test as a console error.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.contract import wire

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "artifacts" / "browser"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
GREETING = "listening on "
START_TIMEOUT_S = 20
STOP_TIMEOUT_S = 10
WAIT_MS = 10_000

Screenshot = Callable[[str], None]


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

    def open(self) -> None:
        """Load the page and wait until its account is there."""
        self.page.goto(self.address)
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


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Starts `run.py` on a free port and returns its address; afterwards it has to stop cleanly on SIGTERM."""
    command = [sys.executable, "run.py", "--port", "0", "--ephemeral"]
    log = tmp_path / "server.log"
    with (
        log.open("w") as stderr,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            is_ready, _, _ = select.select([process.stdout], [], [], START_TIMEOUT_S)
            line = process.stdout.readline() if is_ready else ""
            assert line.startswith(GREETING), f"the server said {line!r}\n{log.read_text()}"
            yield line.removeprefix(GREETING).strip()
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                status = process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
    assert status == 0, log.read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium, headless.

    While playwright's synchronous interface is open it keeps an event loop running, and no other test could start its
    own: so it ends with the module.
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
def terminal(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Terminal]:
    """A fresh page; parametrize it indirectly with options of the browser context."""
    options = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"} | getattr(request, "param", {})
    context = browser.new_context(**options)
    terminal = Terminal(context.new_page(), server)
    yield terminal
    context.close()
    assert terminal.console_errors == []


@pytest.fixture
def screenshot(terminal: Terminal) -> Screenshot:
    """Keeps pictures of the page: `screenshot("name")` writes `artifacts/browser/name.png`."""

    def take(name: str) -> None:
        terminal.page.screenshot(path=ARTIFACTS / f"{name}.png")

    return take
