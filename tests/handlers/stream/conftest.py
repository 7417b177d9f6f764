"""The stream is tested on both HTTP servers, which differ until the end of the handshake."""

import pytest

LOAD_TESTS = {"test_limits", "test_malformed_frames", "test_resume"}
"""Files of long tests after the handshake, where both servers run the same code: on our server only."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a server on both."""
    if "http" in metafunc.fixturenames:
        is_load_test = metafunc.module.__name__.rpartition(".")[2] in LOAD_TESTS
        metafunc.parametrize("http", ["llhttp"] if is_load_test else ["llhttp", "tornado"])
