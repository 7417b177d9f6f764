"""Laws of the broker under random commands and quotes; the harness checks the ledger after every step."""

import copy
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.broker.account import Account
from engine.errors import Denied
from engine.models.broker.account import Commission, Profile
from engine.models.broker.orders import OrderType
from tests.engine.broker.harness import ACCOUNT, INSTRUMENTS, BrokerHarness
from tests.properties import examples

cents = st.integers(9_500, 10_500).map(lambda n: n / 100)
brackets = st.fixed_dictionaries(
    {},
    optional={
        "takeProfit": cents,
        "stopLoss": cents,
        "stopLossLimit": cents,
        "guaranteedStop": cents,
        "trailingStopPips": st.integers(1, 200),
    },
)
durations = st.sampled_from(("GTC", "DAY", "IOC", "FOK")).map(lambda kind: {"duration": {"type": kind}})
extras = st.one_of(
    st.just({}),
    brackets,
    durations,
    st.just({"postOnly": True}),
    st.just({"stopType": 1, "trailingStopPips": 30}),
    st.just({"stopType": 2}),
)
symbols = st.sampled_from(("AAPL", "SAP", "USDJPY"))
FINAL = {1, 2, 5}


class Trading(RuleBasedStateMachine):
    """A trader who does anything, in a market that does anything."""

    profile = Profile(commission=Commission(per_trade=0.1))

    def __init__(self) -> None:
        super().__init__()
        self.harness = BrokerHarness(self.profile)
        self.harness.quote("SAP", 99.9, 100.1)
        self.harness.quote("USDJPY", 99.9, 100.1)
        self.harness.quote("EURUSD", 1.08, 1.0802)
        self.final: dict[str, Any] = {}
        self.published: list[tuple[Any, Any]] = []

    def attempt(self, command: Any, *args: Any, **kwargs: Any) -> None:
        """A denied command must not have changed anything."""
        before = len(self.harness.events), repr(self.harness.account.funds), self.harness.account.order_count
        try:
            command(*args, **kwargs)
        except Denied:
            assert (
                len(self.harness.events),
                repr(self.harness.account.funds),
                self.harness.account.order_count,
            ) == before
        else:
            self.published += [
                (update.payload, copy.deepcopy(update.payload)) for update in self.harness.result.updates
            ]

    @rule(
        side=st.sampled_from((1, -1)),
        qty=st.integers(1, 300),
        kind=st.sampled_from(OrderType),
        symbol=symbols,
        limit=cents,
        stop=cents,
        is_close=st.booleans(),
        extras=extras,
    )
    def place(self, limit: float, stop: float, is_close: bool, extras: dict[str, Any], **order: Any) -> None:
        self.attempt(self.harness.place, limitPrice=limit, stopPrice=stop, isClose=is_close, **order, **extras)

    @rule(symbol=symbols, prices=brackets)
    def edit_brackets(self, symbol: str, prices: dict[str, float]) -> None:
        self.attempt(self.harness.brackets, symbol, **prices)

    @rule(symbol=symbols)
    def reverse(self, symbol: str) -> None:
        self.attempt(self.harness.reverse, symbol)

    @rule(symbol=symbols, leverage=st.integers(1, 100))
    def set_leverage(self, symbol: str, leverage: int) -> None:
        self.attempt(self.harness.leverage, symbol, leverage)

    @rule(pick=st.integers(0, 99), limit=cents, stop=cents, qty=st.integers(1, 300))
    def modify(self, pick: int, limit: float, stop: float, qty: int) -> None:
        if ids := list(self.harness.account.working):
            self.attempt(self.harness.modify, ids[pick % len(ids)], limitPrice=limit, stopPrice=stop, qty=qty)

    @rule(pick=st.integers(0, 99))
    def cancel(self, pick: int) -> None:
        if ids := [*self.harness.account.working, *self.harness.account.final]:
            self.attempt(self.harness.cancel, ids[pick % len(ids)])

    @rule(symbol=symbols, amount=st.none() | st.integers(1, 300))
    def close(self, symbol: str, amount: int | None) -> None:
        self.attempt(self.harness.close, symbol, amount)

    @rule(symbol=symbols, bid=cents, spread=st.integers(1, 20), size=st.none() | st.integers(0, 100))
    def tick(self, symbol: str, bid: float, spread: int, size: int | None) -> None:
        self.attempt(self.harness.tick, symbol, bid, round(bid + spread / 100, 2), size=size)

    @rule(bid=st.integers(100_000, 120_000), spread=st.integers(0, 20))
    def move_the_rate(self, bid: int, spread: int) -> None:
        self.attempt(self.harness.tick, "EURUSD", bid / 100_000, (bid + spread) / 100_000)

    @invariant()
    def no_final_status_ever_changes(self) -> None:
        for order_id, seen in self.final.items():
            assert self.harness.order(order_id) == seen
        for order_id in self.harness.account.final:
            self.final[order_id] = self.harness.order(order_id)
            assert self.final[order_id]["status"] in FINAL

    @invariant()
    def brackets_belong_to_something(self) -> None:
        account = self.harness.account
        for order in account.working.values():
            if order.parent is not None:
                parent = account.working if order.is_inactive else account.positions
                assert order.parent.id in parent
                assert order.is_inactive or order.remaining <= abs(account.signed_qty(order.symbol))

    @invariant()
    def reserved_margin_is_that_of_the_open_orders(self) -> None:
        account = self.harness.account
        assert account.reserved == sum(order.reserved for order in account.working.values())

    @invariant()
    def no_published_update_changes_later(self) -> None:
        for payload, copied in self.published:
            assert payload == copied

    def teardown(self) -> None:
        """Replaying the events gives the same account: recovery is the code that runs live."""
        replayed = Account(INSTRUMENTS, id=ACCOUNT)
        for event in self.harness.events:
            replayed.evolve(event)
        live = self.harness.account
        assert replayed.funds == live.funds
        assert {s: p.holding for s, p in replayed.positions.items()} == {
            s: p.holding for s, p in live.positions.items()
        }
        assert list(replayed.working) == list(live.working)
        assert [replayed.pairs.keys(), replayed.brackets.keys()] == [live.pairs.keys(), live.brackets.keys()]
        assert (replayed.reserved, replayed.leverage, replayed.net) == (live.reserved, live.leverage, live.net)


class SimulatedTrading(Trading):
    """The same with the simulator model."""

    profile = Profile(fill_model="simulator", execution_delay=0.2)


TestTrading = Trading.TestCase
TestSimulatedTrading = SimulatedTrading.TestCase
TestTrading.settings = TestSimulatedTrading.settings = examples(60, stateful_step_count=40)


def test_same_seed_and_commands_give_the_same_events() -> None:
    def run() -> list[Any]:
        harness = BrokerHarness(Profile(fill_model="simulator"), seed=7)
        for number in range(10):
            harness.place(1 if number % 3 else -1, 1 + number, seenPrice=100 + number)
        for _ in range(60):
            harness.now_ms += 300
            harness.tick()
        return harness.events

    assert run() == run()
