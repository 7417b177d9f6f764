"""The fixtures of the pytest plugin, which pytest finds in the installed package.

- `trading_pro`: a server for the whole session on a free port. Under pytest-xdist each worker has its own.
- `world`: a fresh world, or a fresh account, for each test.
- `trading_pro_arguments`: options of the server. Override it in a conftest.py; its scope is the session.

All fixtures are synchronous, so they work with plain tests, pytest-asyncio, pytest-tornasync and anyio alike.
"""

from collections.abc import Iterator, Sequence

import pytest

from trading_pro.testing.server import Server, StartError
from trading_pro.testing.world import World, end_world, make_world


@pytest.fixture(scope="session")
def trading_pro_arguments() -> Sequence[str]:
    """Return the options of the server, as on its command line."""
    return ()


@pytest.fixture(scope="session")
def trading_pro(trading_pro_arguments: Sequence[str]) -> Iterator[Server]:
    """Start a server for the session; the tests fail with the end of its log when it does not start."""
    server = Server(*trading_pro_arguments)
    try:
        server.start()
    except StartError as error:
        pytest.fail(str(error), pytrace=False)
    yield server
    server.stop()


@pytest.fixture
def world(trading_pro: Server) -> Iterator[World]:
    """Make a fresh world for a test, and end it after the test."""
    made = make_world(trading_pro.url)
    yield made
    end_world(made)
