"""The installed server as a process of its own."""

import subprocess
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.packaging.environment import TIMEOUT_S, clean_variables


class InstalledServer:
    """`python -m trading_pro` on a free port, started in the folder of the user.

    Args:
        programs: Folder of the programs of an environment.
        home: Home and current folder of the user.
        arguments: Further arguments of the server.
    """

    def __init__(self, programs: Path, home: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [programs / "python", "-m", "trading_pro", "--port", "0", *arguments],
            env=clean_variables(home),
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip().removeprefix("listening on ")
        self.greeting = self._process.stdout.readline()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=TIMEOUT_S)

    def get(self, path: str) -> bytes:
        """Return the body of an answer. Raises: HTTPError."""
        with urllib.request.urlopen(self.address + path, timeout=TIMEOUT_S) as answer:
            body: bytes = answer.read()
            return body
