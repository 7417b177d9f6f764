"""Tests of the fixtures: real sockets work with warnings as errors, and leftover tasks and sockets fail a test."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from tornado.httpclient import AsyncHTTPClient
from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler

from engine.clock import Clock
from tests.conftest import Connect, Serve, StartLive
from tests.support import MONDAY_MORNING_MS, ManualClock

ROOT = Path(__file__).parents[1]


class Hello(RequestHandler):
    def get(self) -> None:
        self.write("hello")


SITE = Application([("/hello", Hello)])


async def test_async_test_runs_on_its_own_loop_without_asking_for_it() -> None:
    assert IOLoop.current(instance=False) is not None


async def test_async_test_and_its_fixtures_share_one_loop(io_loop: IOLoop) -> None:
    assert IOLoop.current() is io_loop


async def test_real_server_answers_real_http_client(serve: Serve, http_client: AsyncHTTPClient) -> None:
    address = await serve(SITE)
    response = await http_client.fetch(f"http://{address}/hello")
    assert (response.code, response.body) == (200, b"hello")


async def test_real_server_answers_real_websocket(live: StartLive, connect: Connect) -> None:
    socket = await connect(f"ws://{(await live()).address}/api/v1/ws")
    await socket.write_message('{"type":"hello"}')
    assert "welcome" in str(await socket.read_message())


def test_fixture_starts_a_server_outside_a_test(io_loop: IOLoop, serve: Serve, http_client: AsyncHTTPClient) -> None:
    address = io_loop.run_sync(lambda: serve(SITE))
    assert io_loop.run_sync(lambda: http_client.fetch(f"http://{address}/hello")).body == b"hello"


def run_suite(folder: Path, source: str, *options: str) -> str:
    """Run a test file with the real configuration and fixtures; returns the output of pytest."""
    suite = folder / "test_suite.py"
    suite.write_text(source)
    (folder / "conftest.py").write_text("from tests.conftest import *")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "setup.cfg"]
    run = subprocess.run([*command, *options, suite], cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout


FAULTS = {
    "waits": ("await asyncio.Event().wait()", "TimeoutError"),
    "leaves_a_task": (
        "asyncio.task = asyncio.ensure_future(asyncio.Event().wait())",
        "tasks still running after the test",
    ),
    "leaves_an_error": ("asyncio.get_running_loop().call_soon(lambda: 1 / 0)", "ZeroDivisionError"),
    "leaves_a_socket": ("import socket; socket.socket()", "ResourceWarning"),
}
"""By name of a test: its only line, and the complaint about it."""

PAGE = "import pytest\n\n@pytest.mark.browser\ndef test_page():\n    assert False\n"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The output of one run of faulty tests and a browser test that is left out."""
    tests = "".join(f"async def test_{name}():\n    {line}\n\n" for name, (line, _) in FAULTS.items())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_TESTS", "skip")
        return run_suite(tmp_path_factory.mktemp("suite"), f"import asyncio\n{PAGE}\n{tests}", "--async-test-timeout=1")


@pytest.mark.parametrize(("name", "complaint"), [(name, complaint) for name, (_, complaint) in FAULTS.items()])
def test_fault_fails_its_test(name: str, complaint: str, output: str) -> None:
    """An answer that never comes is cut by the timeout; what a test leaves behind is found after it."""
    header = rf"^_{{4,}} (?:ERROR at teardown of )?test_{name} _+$"
    (report,) = re.findall(rf"{header}(.*?)^(?:_{{4,}} |={{4,}} )", output, re.M | re.S)
    assert complaint in report


def test_browser_tests_are_left_out_aloud(output: str) -> None:
    assert "BROWSER_TESTS=skip" in output
    assert "1 skipped" in output


def test_manual_clock_moves_only_when_told(clock: ManualClock) -> None:
    as_protocol: Clock = clock
    assert (as_protocol.now_ms(), as_protocol.monotonic()) == (MONDAY_MORNING_MS, 0.0)
    assert clock.advance(1_500) == MONDAY_MORNING_MS + 1_500
    assert (as_protocol.now_ms(), as_protocol.monotonic()) == (MONDAY_MORNING_MS + 1_500, 1.5)


def test_manual_clock_never_goes_back(clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="never goes back"):
        clock.advance(-1)


def test_ci_profile_takes_the_same_examples_every_time() -> None:
    profile = settings.get_profile("ci")
    assert profile.derandomize
    assert profile.deadline is None
