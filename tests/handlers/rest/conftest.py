"""REST is tested on both HTTP servers: ours, and Tornado's own as the reference."""

import pytest

SOCKETS = {"stream", "raw", "connect"}
"""Fixtures of tests that open WebSockets: these are tested on our server."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a server on both."""
    if "http" in metafunc.fixturenames:
        servers = ["llhttp"] if SOCKETS & set(metafunc.fixturenames) else ["llhttp", "tornado"]
        metafunc.parametrize("http", servers)
