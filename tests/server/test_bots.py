"""The two bots of docs/faults.md under the faults of that page: their reports are those on the page."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.program import ROOT, ServerProcess
from trading_pro.testing.world import Refused, World

PAGE = (ROOT / "docs" / "faults.md").read_text()
BOTS = {"careful_bot.py": 5, "blind_bot.py": 6}


def block(mark: str) -> Any:
    """Return the JSON block of the page below a mark."""
    found = re.search(rf"<!-- {re.escape(mark)} -->\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


@pytest.fixture(scope="module")
def program() -> Iterator[ServerProcess]:
    started = ServerProcess("--ephemeral", "--control")
    yield started
    started.close()


def test_reports_of_the_bots_are_those_of_the_page(program: ServerProcess) -> None:
    for bot, order_count in BOTS.items():
        account = program.call("POST", "/broker/accounts", {"name": bot})["id"]
        none: list[Any] = []
        for faults in (none, block("faults")):
            program.call("PUT", "/faults", {"faults": faults})
        command = [sys.executable, "-W", "error", f"docs/examples/{bot}", program.address, account]
        subprocess.run(command, cwd=ROOT, check=True, timeout=60)
        found, expected = program.call("GET", f"/report?account={account}"), block(f"report of {bot}")
        for report in (found, expected):
            assert isinstance(report["reconnects"].pop("maxMs"), int)
        assert found == expected
        assert len(program.call("GET", f"/broker/orders?accountId={account}")) == order_count


def test_fault_of_a_world_lasts_as_long_as_its_block(program: ServerProcess) -> None:
    world = World(program.address, program.call("POST", "/broker/accounts", {"name": "helper"})["id"])
    busy = {"status": {"code": 503}}
    with world.fault("request", {"path": "*/orders", "account": world.account}, busy, after=1) as fault:
        world.buy("AAPL", 1)
        with pytest.raises(Refused, match="503 UNAVAILABLE"):
            world.buy("AAPL", 1)
        assert fault.stats == {"matched": 2, "applied": 1}
    world.buy("AAPL", 1)
    assert fault.stats == {"matched": 2, "applied": 1}
    assert world.report()["faults"] == 1
    assert fault.id not in [one["id"] for one in program.call("GET", "/faults")]
