"""The handshake and the conversation are tested on both HTTP servers; what follows is the same code on both."""

import pytest

ON_BOTH = {"test_handler", "test_security_sessions", "test_stream"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a server on our HTTP server, those of `ON_BOTH` on Tornado's too."""
    if "http" in metafunc.fixturenames:
        is_on_both = metafunc.module.__name__.rpartition(".")[2] in ON_BOTH
        metafunc.parametrize("http", ["llhttp", "tornado"] if is_on_both else ["llhttp"])
