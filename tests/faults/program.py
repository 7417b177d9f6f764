"""The program as a process that is killed and starved, and a load of orders that remembers every answer."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, ClassVar, NamedTuple

from server.command_line import read_command
from server.storage import admin
from tests.live import Live

ROOT = Path(__file__).parents[2]
StartLive = Callable[..., Awaitable[Live]]
START_S = 60
CALL_S = 60


class Answer(NamedTuple):
    """Status and decoded body; status 0 when there was none."""

    status: int
    body: Any


class Program:
    """`python run.py` on a free port and a data directory.

    Args:
        data_dir: Where its journal lies.
        arguments: Further flags.
        before: A command line that runs it, such as one that takes namespaces.
        program: What runs: the program, or one that breaks a part of it first.

    Attributes:
        started: All that a test started; a fixture kills those that it left running.
    """

    started: ClassVar[list["Program"]] = []

    def __init__(
        self, data_dir: Path, *arguments: str, before: Sequence[str] = (), program: Sequence[str] = ("run.py",)
    ) -> None:
        command = [*before, sys.executable, "-W", "error", *program, "--port", "0", "--data-dir", str(data_dir)]
        self.process = subprocess.Popen(
            [*command, "--log-level", "warning", *arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONDEVMODE": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        Program.started.append(self)
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline().strip()

    @property
    def address(self) -> str:
        """Host and port. Raises: AssertionError with what it said when it did not start."""
        if not self.first_line:
            raise AssertionError(self.process.communicate(timeout=START_S)[1])
        return self.first_line.removeprefix("listening on http://")

    def connect(self) -> HTTPConnection:
        """Open a connection to it."""
        return HTTPConnection(self.address, timeout=CALL_S)

    def ask(self, method: str, path: str, body: Any = None, connection: HTTPConnection | None = None) -> Answer:
        """Send a request to an address below `/api/v1`; never raises for a dead server."""
        own = connection or self.connect()
        data = None if body is None else json.dumps(body).encode()
        try:
            own.request(method, f"/api/v1{path}", data, {"Content-Type": "application/json"})
            response = own.getresponse()
            return Answer(response.status, json.loads(response.read()))
        except (HTTPException, OSError, ValueError):
            own.close()
            return Answer(0, None)
        finally:
            if connection is None:
                own.close()

    def get(self, path: str) -> Any:
        """Return the answer to a GET that succeeds."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        return answer.body

    def place(self, **fields: Any) -> Answer:
        """Place an order."""
        return self.ask("POST", "/broker/orders", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1} | fields)

    def kill(self) -> None:
        """End it as a power cut of the process would."""
        self.process.kill()
        self.process.communicate(timeout=START_S)

    def stop(self) -> tuple[int, str]:
        """Stop it; returns exit status and what it wrote to standard error."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait for its end; returns exit status and what it wrote to standard error."""
        _, errors = self.process.communicate(timeout=START_S)
        return self.process.returncode, errors


def kill_all_started() -> None:
    """Kill every program that a test left running."""
    while Program.started:
        program = Program.started.pop()
        if program.process.poll() is None:
            program.kill()
        for pipe in (program.process.stdout, program.process.stderr):
            if pipe is not None:
                pipe.close()


def run(command: str, data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a storage command to its end in this process, which saves the start of another interpreter."""
    line = [command, *arguments, "--data-dir", str(data_dir)]
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        status = admin.run(read_command(line))
    return subprocess.CompletedProcess(line, status, output.getvalue(), errors.getvalue())


def run_program(command: str, data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a storage command to its end as a user does, in a process of its own."""
    line = [sys.executable, "-W", "error", "run.py", command, *arguments, "--data-dir", str(data_dir)]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


async def stored_orders(live: StartLive, data_dir: Path) -> list[Any]:
    """Return the orders of a server that is started on a data directory in this process."""
    server = await live(data_dir=data_dir, ephemeral=False)
    health = await server.call("GET", "/health")
    assert health["ledger"]["violations"] == 0
    orders: list[Any] = await server.call("GET", "/broker/orders")
    return orders


class Load:
    """Orders from several connections at once, each with a number of its own, until the server is gone.

    Attributes:
        sent: The numbers of all orders that went out.
        acknowledged: Order ids by number, of the orders that were answered 200.
        refused: Statuses of the others that were answered.
    """

    def __init__(self, program: Program, first: int, connections: int) -> None:
        self.sent: set[int] = set()
        self.acknowledged: dict[int, str] = {}
        self.refused: list[int] = []
        self.enough = threading.Event()
        self._program = program
        self._numbers = count(first)
        self._stop = threading.Event()
        self._goal = 1 << 60
        self._threads = [threading.Thread(target=self._work) for _ in range(connections)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, acknowledged: int) -> None:
        """Wait until so many orders are acknowledged. Raises: AssertionError when that takes too long."""
        self.enough.clear()
        self._goal = acknowledged
        if len(self.acknowledged) >= acknowledged:
            return
        assert self.enough.wait(START_S), f"only {len(self.acknowledged)} of {acknowledged} acknowledged"

    def wait_for_refusals(self, count: int) -> None:
        """Wait until so many orders were refused. Raises: AssertionError when that takes too long."""
        deadline = time.monotonic() + START_S
        while len(self.refused) < count:
            assert time.monotonic() < deadline, f"only {len(self.refused)} of {count} refused"
            self._stop.wait(0.01)

    def end(self) -> None:
        """Wait until every thread noticed the end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(START_S)
            assert not thread.is_alive()

    def _work(self) -> None:
        connection = self._program.connect()
        while not self._stop.is_set():
            number = next(self._numbers)
            self.sent.add(number)
            answer = self._program.ask("POST", "/broker/orders", order(number), connection)
            if answer.status == 200:
                self.acknowledged[number] = answer.body["orderId"]
                if len(self.acknowledged) >= self._goal:
                    self.enough.set()
            elif answer.status:
                self.refused.append(answer.status)
            else:
                break
        connection.close()


def upgrade(port: int, protocols: str = "") -> socket.socket:
    """Open a WebSocket by hand; nothing of it was read but the answer's head."""
    offered = f"Sec-WebSocket-Protocol: {protocols}\r\n" if protocols else ""
    client = socket.create_connection(("127.0.0.1", port), CALL_S)
    client.sendall(
        b"GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%b\r\n" % offered.encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.recv(1)
    assert b" 101 " in head
    return client


def close_code(client: socket.socket) -> int:
    """The code of the close frame that comes last; what comes before are unmasked frames of fewer than 126 bytes."""
    data = b""
    while chunk := client.recv(4096):
        data += chunk
    while data[0] != 0x88:
        data = data[2 + data[1] :]
    return int.from_bytes(data[2:4], "big")


def order(number: int) -> dict[str, Any]:
    """The order of a number, always the same; most trade at once, some rest far from the market."""
    random = Random(number)
    fields = {"symbol": random.choice(("AAPL", "MSFT", "JPM")), "side": random.choice((1, -1)), "qty": 1}
    kind = {"type": 1, "limitPrice": 1.0, "side": 1} if random.random() < 0.1 else {"type": 2}
    return fields | kind | {"clientOrderId": f"own-{number}", "stopPrice": None, "customFields": {"number": number}}
