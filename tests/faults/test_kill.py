"""kill -9 at random instants under load: nothing acknowledged is lost, nothing appears that was not asked for."""

import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.program import Load, Program, order, run

ROUNDS = int(os.environ.get("KILL_ROUNDS", "3"))
ROUNDS_PER_DIRECTORY = 10
CONNECTIONS = 8


class Witness:
    """What clients know over all lives of one data directory.

    Attributes:
        sent: Numbers of the orders that went out.
        acknowledged: Their ids, where an answer came back.
        seen: Ids by number that the server showed.
    """

    def __init__(self) -> None:
        self.sent: set[int] = set()
        self.acknowledged: dict[int, str] = {}
        self.seen: dict[int, str] = {}

    def retry(self, program: Program, random: Random) -> None:
        """Send again what was answered and what was not: with its own id an order is placed once, ever."""
        silent = sorted(self.sent - self.acknowledged.keys())
        for number in (*silent, *random.sample(sorted(self.acknowledged), min(5, len(self.acknowledged)))):
            answer = program.ask("POST", "/broker/orders", order(number))
            assert answer.status == 200, answer
            known = self.acknowledged.get(number) or self.seen.get(number) or answer.body["orderId"]
            assert answer.body["orderId"] == known
            self.acknowledged[number] = known

    def add(self, load: Load) -> None:
        self.sent |= load.sent
        self.acknowledged |= load.acknowledged

    def check(self, program: Program) -> None:
        """Hold a server that came back against everything that was ever sent and acknowledged."""
        orders = program.get("/broker/orders")
        found = {row["customFields"]["number"]: row["id"] for row in orders}
        assert len(found) == len(orders), "an order is there twice"
        assert [name for name, times in Counter(row["id"] for row in orders).items() if times > 1] == []
        assert {n: name for n, name in self.acknowledged.items() if found.get(n) != name} == {}, "acknowledged, lost"
        assert found.keys() - self.sent == set(), "nobody sent these"
        assert self.seen.items() - found.items() == set(), "an order that was there is gone"
        self.seen = found
        executions = all_executions(program)
        traded = {row["id"]: row["filledQty"] for row in orders if row["filledQty"]}
        assert Counter({e["orderId"]: e["qty"] for e in executions}) == Counter(traded)
        assert len({e["id"] for e in executions}) == len(executions)
        held: Counter[str] = Counter()
        for execution in executions:
            held[execution["symbol"]] += execution["side"] * execution["qty"]
        positions = {row["symbol"]: row["side"] * row["qty"] for row in program.get("/broker/positions")}
        assert positions == {symbol: qty for symbol, qty in held.items() if qty}
        health = program.get("/health")
        assert (health["ledger"]["violations"], health["storage"]["writable"]) == (0, True)


def all_executions(program: Program) -> list[dict[str, Any]]:
    """All executions by paging, each once."""
    found: dict[str, dict[str, Any]] = {}
    since = 0
    while True:
        page = program.get(f"/broker/executions?from={since}&limit=500")
        found |= {row["id"]: row for row in page}
        if len(page) < 500 or page[-1]["time"] == since:
            return list(found.values())
        since = page[-1]["time"]


@pytest.mark.parametrize("series", range(-(-ROUNDS // ROUNDS_PER_DIRECTORY)))
def test_nothing_acknowledged_is_lost(series: int, tmp_path: Path) -> None:
    random = Random(f"kill {series}")
    witness, data_dir = Witness(), tmp_path / "var"
    for turn in range(min(ROUNDS_PER_DIRECTORY, ROUNDS - series * ROUNDS_PER_DIRECTORY)):
        program = Program(data_dir)
        witness.check(program)
        witness.retry(program, random)
        load = Load(program, first=turn * 1_000_000, connections=CONNECTIONS)
        load.wait_for(random.randrange(1, 400))
        program.kill()
        load.end()
        witness.add(load)
    program = Program(data_dir)
    witness.check(program)
    assert len(witness.acknowledged) > 100
    assert program.stop() == (0, "")
    verified = run("verify", data_dir)
    assert (verified.returncode, verified.stderr) == (0, ""), verified.stderr
