"""The pytest plugin in a project of a user: plain, with pytest-asyncio and pytest-tornasync, under pytest-xdist."""

import subprocess
from pathlib import Path

import pytest

from tests.packaging.environment import TIMEOUT_S, clean_variables
from trading_pro.testing import Refused, Server
from trading_pro.testing.world import make_world

PLAIN = """
import pytest
from trading_pro.testing import Refused

def test_buys(world):
    world.buy("AAPL", 10)
    assert [position["qty"] for position in world.positions()] == [10]

def test_starts_from_nothing(world):
    assert world.positions() == []
    assert world.state()["balance"] == 100_000

def test_is_refused(world):
    with pytest.raises(Refused, match="BAD_QTY_STEP"):
        world.buy("AAPL", 1.5)
"""

ASYNC = """
{mark}
async def test_trades_with_the_typed_client(world):
    async with world.client() as client:
        orders = await client.stream.subscribe("orders", {{"accountId": world.account}})
        order = {{"symbol": "AAPL", "type": 2, "side": 1, "qty": 10}}
        placed = await client.place_order(order, account_id=world.account)
        assert (await anext(orders))["id"] == placed["orderId"]
        await client.stream.close()
"""


@pytest.fixture
def python(programs: Path) -> Path:
    """The interpreter of the user."""
    return programs / "python"


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    environment = clean_variables(folder)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


def test_plain_and_asyncio_tests_pass_on_two_workers(python: Path, tmp_path: Path) -> None:
    (tmp_path / "test_bot.py").write_text(PLAIN)
    (tmp_path / "test_client.py").write_text(ASYNC.format(mark="import pytest\n@pytest.mark.asyncio"))
    ran = run(python, tmp_path, "-n", "2", "-p", "no:tornado")
    assert (ran.returncode, "4 passed" in ran.stdout) == (0, True), ran.stdout


def test_tests_of_pytest_tornasync_use_the_typed_client(python: Path, tmp_path: Path) -> None:
    (tmp_path / "test_bot.py").write_text(ASYNC.format(mark=""))
    ran = run(python, tmp_path, "-p", "no:asyncio")
    assert (ran.returncode, "1 passed" in ran.stdout) == (0, True), ran.stdout


def test_a_server_that_does_not_start_says_why(python: Path, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import pytest\n@pytest.fixture(scope='session')\ndef trading_pro_arguments():\n    return ['--tick-ms', '1']\n"
    )
    (tmp_path / "test_bot.py").write_text(PLAIN)
    ran = run(python, tmp_path)
    assert ran.returncode == 1
    assert "trading-pro --tick-ms 1: the server ended with status 2" in ran.stdout
    assert "--tick-ms takes a whole number" in ran.stdout


def test_the_helper_works_without_pytest_and_leaves_no_server() -> None:
    with Server("--seed", "7") as server:
        world = make_world(server.url)
        assert world.buy("AAPL", 10)
        assert world.alpaca.url == f"{server.url}/alpaca"
        assert world.alpaca.stream_url.startswith("ws://")
        with pytest.raises(Refused) as refused:
            world.call("GET", "/broker/orders/ORDER-99")
        assert (refused.value.status, refused.value.code) == (404, "UNKNOWN_ORDER")
