"""One server for all tests of the kit; at the end its own linter has found nothing."""

from collections.abc import Iterator

import pytest

from tests.server.program import ServerProcess


@pytest.fixture(scope="package")
def server() -> Iterator[ServerProcess]:
    """A server whose market moves fast; a tick is one step of its market."""
    options = ("--ephemeral", "--lint", "--speed", "5", "--tick-ms", "40", "--start", "2026-01-05T15:00:00Z")
    process = ServerProcess(*options)
    try:
        yield process
        lint = process.call("GET", "/health")["lint"]
        assert (lint["violations"], lint["last"]) == (0, None)
        assert lint["checks"] > 0
    finally:
        process.close()
