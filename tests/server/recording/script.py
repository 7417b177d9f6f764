"""Random scripts of inputs for recordings: orders, changes, scenarios, faults and clock at random market times."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from engine.errors import Denied
from engine.journal import Outcome
from engine.models.broker.account import AccountCreate, AccountReset, Profile
from engine.models.broker.leverage import LeverageSetParams
from engine.models.broker.orders import CancelQuery, OrderChange, PreOrder
from engine.models.broker.positions import Brackets
from engine.models.control.clock import ClockChange
from engine.models.control.faults import FaultRequest
from engine.models.market.scenarios import ScenarioRequest
from engine.models.market.ticks import Tick
from server.app import Server
from tests.live import compose
from tests.support import ManualClock

SYMBOLS = ("AAPL", "MSFT", "EURUSD")
ACCOUNTS = (None, "SECOND")


SCENARIOS = (
    ScenarioRequest(symbol="AAPL", kind="halt"),
    ScenarioRequest(symbol="MSFT", kind="shock", factor=0.97),
)


def order(random: Random) -> dict[str, Any]:
    """Return an order that may be valid."""
    fields: dict[str, Any] = {
        "symbol": random.choice(SYMBOLS),
        "type": random.choice((1, 2, 2, 3)),
        "side": random.choice((1, -1)),
        "qty": random.choice((1, 10, 1000)),
    }
    if fields["type"] == 1:
        fields["limitPrice"] = random.choice((1, 150, 200, 210, 400))
    if fields["type"] == 3:
        fields["stopPrice"] = random.choice((1.05, 180, 203.5, 204.9, 420))
    if random.random() < 0.3:
        fields["clientOrderId"] = f"C-{random.randrange(4)}"
    return fields


def fault(random: Random) -> FaultRequest:
    """Return a fault of orders that may be applied."""
    action = random.choice(
        (
            {"reject": {"reason": "MARKET_CLOSED"}},
            {"delay": {"ms": 700}},
            {"fill": {"qty": 3, "then": random.choice(("stall", "cancel"))}},
        )
    )
    match = {"symbol": random.choice(SYMBOLS)}
    return FaultRequest.model_validate(
        {"stage": "order", "match": match, "do": action, "probability": 0.5, "times": random.randrange(1, 3)}
    )


class Script:
    """A recorded world that gets random inputs.

    Attributes:
        clock: Real time, which moves with the script.
        server: The server of the world.
    """

    def __init__(self, seed: int, **settings: Any) -> None:
        self._random = Random(seed)
        self.clock = ManualClock()
        self.server: Server = compose(self.clock, **({"control": True, "record": True, "seed": seed} | settings))

    def run(self, count: int) -> bytes:
        """Run a number of inputs and return the recording."""
        return asyncio.run(self._run(count))

    async def _run(self, count: int) -> bytes:
        for _ in range(count):
            self.clock.advance(self._random.choice((0, 40, 200, 1000, 7777)))
            if self._random.random() < 0.5:
                self.server.step()
            with suppress(Denied):  # the recording has the denial
                self._input()
        self.server.ticker.stop()
        return self.recording()

    def recording(self) -> bytes:
        """Return the recording so far."""
        recorder = self.server.world.recorder
        assert recorder is not None
        return b"".join(recorder.chunks())

    def _input(self) -> None:
        random, engine = self._random, self.server.services.engine
        control, account = self.server.services.control, random.choice(ACCOUNTS)
        assert control is not None
        changes = control.fault_changes
        ticks = [Tick(symbol="AAPL", time=engine.now_ms(), bid=199.9, ask=random.choice((200.0, 200.1)))]
        calls: tuple[Callable[[], object], ...] = (
            *[lambda: engine.publish_ticks(ticks)] * (0 if engine.market.is_synthetic else 12),
            *[lambda: engine.place_order(account, PreOrder.model_validate(order(random)))] * 12,
            lambda: engine.modify_order(
                account, f"ORDER-{random.randrange(9)}", OrderChange(qty=random.randrange(1, 9), limitPrice=205.0)
            ),
            lambda: engine.cancel_order(account, f"ORDER-{random.randrange(9)}"),
            lambda: engine.cancel_orders(account, CancelQuery(symbol=random.choice((None, *SYMBOLS)))),
            lambda: engine.close_position(account, random.choice(SYMBOLS), random.choice((None, 1.0))),
            lambda: engine.reverse_position(account, random.choice(SYMBOLS)),
            lambda: engine.close_individual_position(
                "SECOND", f"POSITION-{random.randrange(9)}", random.choice((None, 1.0))
            ),
            lambda: engine.edit_individual_brackets(
                "SECOND", f"POSITION-{random.randrange(9)}", Brackets(stopLoss=190.0)
            ),
            lambda: engine.edit_brackets(account, "AAPL", Brackets(stopLoss=190.0)),
            lambda: engine.set_leverage(account, LeverageSetParams(symbol="AAPL", leverage=random.randrange(1, 6))),
            lambda: engine.create_account(
                AccountCreate(id="SECOND", name="Second", balance=5000, profile=Profile(hedging=True))
            ),
            lambda: engine.reset_account("SECOND", AccountReset()),
            lambda: engine.add_scenario(random.choice(SCENARIOS)),
            lambda: engine.end_scenario("S-1"),
            lambda: changes.add(fault(random)),
            lambda: changes.remove("fault-1"),
            lambda: changes.replace([fault(random)]),
            changes.reset,
            lambda: control.clock.change(ClockChange(mode=random.choice(("paused", "running")))),
        )
        value = random.choice(calls)()
        if isinstance(value, Outcome):
            self.server.services.publisher.submit(value.result)


def main() -> None:
    """Write the recordings of `tests/recordings` anew: `python -m tests.server.recording.script`."""
    folder = Path(__file__).parents[2] / "recordings"
    scripts = {
        "accounts-and-scenarios": Script(4),
        "faults-of-orders": Script(6),
        "external-ticks": Script(3, feed="external"),
    }
    for name, script in scripts.items():
        (folder / f"{name}.ndjson").write_bytes(script.run(40))


if __name__ == "__main__":
    main()
