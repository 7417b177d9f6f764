"""REST is tested on both HTTP servers: ours, and Tornado's own as the reference."""

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a server on both."""
    if "http" in metafunc.fixturenames:
        metafunc.parametrize("http", ["llhttp", "tornado"])
