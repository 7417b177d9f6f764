"""Individual positions of a hedging account: which order opens and closes which, and that their sum is the net one."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.broker.account import Account
from engine.broker.ledger import signed_cost, unrealised
from engine.broker.margin import individual_profits, profit_of
from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import OrderType
from tests.engine.broker.harness import ACCOUNT, BUY, INSTRUMENTS, LIMIT, SELL, BrokerHarness
from tests.properties import examples

HEDGING = Profile(hedging=True)


@pytest.fixture
def harness() -> BrokerHarness:
    """A hedging account that bought 10 at 100, sold 4 at 109.98, and bought 5 at 110."""
    harness = BrokerHarness(HEDGING)
    harness.place(BUY, 10)
    harness.tick("AAPL", 109.98, 110.00)
    harness.place(SELL, 4)
    harness.place(BUY, 5)
    return harness


def test_every_order_opens_a_position_of_its_own_beside_the_net_one(harness: BrokerHarness) -> None:
    assert harness.individual() == {"POSITION-1": (10, 100), "POSITION-2": (-4, 109.98), "POSITION-3": (5, 110)}
    # (10 * 100 - 4 * 109.98 + 5 * 110) / 11
    assert harness.position() == (11, 100.916364)
    assert [(one["id"], one["qty"]) for one in harness.told("individual-positions")] == [("POSITION-3", 5)]


@pytest.mark.parametrize(
    ("position_id", "amount", "left", "realised"),
    [
        ("POSITION-1", None, {"POSITION-2": -4, "POSITION-3": 5}, 99.8),
        ("POSITION-1", 3, {"POSITION-1": 7, "POSITION-2": -4, "POSITION-3": 5}, 29.94),
        ("POSITION-2", None, {"POSITION-1": 10, "POSITION-3": 5}, -0.08),
        ("POSITION-3", 5, {"POSITION-1": 10, "POSITION-2": -4}, -0.1),
    ],
)
def test_a_close_takes_the_named_position_at_its_own_cost(
    position_id: str, amount: float | None, left: dict[str, float], realised: float, harness: BrokerHarness
) -> None:
    harness.close_individual(position_id, amount)
    assert {name: qty for name, (qty, _) in harness.individual().items()} == left
    told = harness.told("individual-positions")[0]
    assert (told["id"], told["realizedPL"], told["qty"]) == (position_id, realised, abs(left.get(position_id, 0)))
    assert harness.told("equity")[0]["realizedPL"] == realised


def test_a_closing_order_without_a_name_takes_the_oldest_of_the_other_side(harness: BrokerHarness) -> None:
    harness.place(SELL, 12, isClose=True)
    assert {name: qty for name, (qty, _) in harness.individual().items()} == {"POSITION-2": -4, "POSITION-3": 3}
    harness.place(SELL, 9, isClose=True)
    assert harness.individual() == {"POSITION-2": (-4, 109.98)}


def test_all_of_the_net_position_is_all_of_its_individual_ones(harness: BrokerHarness) -> None:
    harness.close("AAPL")
    assert (harness.individual(), harness.position(), harness.account.positions) == ({}, None, {})
    last = harness.told("positions")[-1]
    assert (last["id"], last["qty"], last["canBeClosed"]) == ("AAPL", 0, False)


def test_a_part_of_the_net_position_closes_the_oldest_ones(harness: BrokerHarness) -> None:
    harness.close("AAPL", 11)
    assert {name: qty for name, (qty, _) in harness.individual().items()} == {"POSITION-2": -4, "POSITION-3": 4}


def test_a_hedged_account_is_flat_keeps_its_profit_and_needs_no_margin() -> None:
    harness = BrokerHarness(HEDGING)
    harness.place(BUY, 10)
    harness.tick("AAPL", 110, 110.02)
    harness.place(SELL, 10)
    told = harness.told("positions")[-1]
    assert (told["qty"], told["pl"], harness.told("equity")[0]["marginUsed"]) == (0, 100, 0)
    for bid in (50.0, 200.0):
        harness.tick("AAPL", bid, bid + 0.02)
        rows = harness.told("individual-pl")[0]["positions"]
        assert sum(row["pl"] for row in rows) == pytest.approx(100)
    harness.close_individual("POSITION-1")
    assert harness.position() == (-10, 110)


def test_a_reversal_closes_the_oldest_before_it_opens(harness: BrokerHarness) -> None:
    harness.reverse()
    assert {name: qty for name, (qty, _) in harness.individual().items()} == {"POSITION-2": -4, "POSITION-4": -7}


def test_brackets_belong_to_the_individual_position() -> None:
    harness = BrokerHarness(HEDGING)
    harness.place(BUY, 10, takeProfit=120, stopLoss=90)
    harness.place(BUY, 5)
    legs = [one for one in harness.account.working.values() if one.parent is not None]
    assert [(one.parent and one.parent.id, one.terms.qty) for one in legs] == [("POSITION-1", 10)] * 2
    assert {harness.order(one.id)["parentType"] for one in legs} == {3}
    harness.individual_brackets("POSITION-4", stopLoss=95)
    harness.close_individual("POSITION-1", 4)
    assert [one.terms.qty for one in legs] == [6, 6]
    harness.tick("AAPL", 94.0, 94.02)
    assert {name: qty for name, (qty, _) in harness.individual().items()} == {"POSITION-1": 6}
    harness.tick("AAPL", 120.0, 120.02)
    assert (harness.individual(), harness.account.working) == ({}, {})


def test_a_trailing_stop_follows_for_its_individual_position() -> None:
    harness = BrokerHarness(HEDGING)
    harness.place(BUY, 10)
    harness.individual_brackets("POSITION-1", trailingStopPips=20)
    harness.tick("AAPL", 110.0, 110.02)
    harness.place(SELL, 3)
    harness.tick("AAPL", 108.0, 108.02)
    assert harness.individual() == {"POSITION-3": (-3, 110)}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"positionId": "POSITION-1"}, Reason.UNSUPPORTED_COMBINATION),
        ({"positionId": "POSITION-9", "isClose": True}, Reason.UNKNOWN_POSITION),
        ({"positionId": "AAPL", "isClose": True}, Reason.UNKNOWN_POSITION),
        ({"positionId": "POSITION-1", "isClose": True, "symbol": "MSFT"}, Reason.UNKNOWN_POSITION),
    ],
)
def test_an_order_that_names_a_wrong_position_is_denied(
    fields: dict[str, Any], reason: Reason, harness: BrokerHarness
) -> None:
    harness.quote("MSFT", 400, 400.02)
    with pytest.raises(Denied) as denied:
        harness.place(SELL, 1, **fields)
    assert denied.value.reason is reason


def test_a_resting_close_shrinks_with_the_position_that_it_names(harness: BrokerHarness) -> None:
    order_id = harness.place(SELL, 5, LIMIT, limitPrice=130, isClose=True, positionId="POSITION-3")
    harness.close_individual("POSITION-3", 2)
    assert harness.order(order_id)["qty"] == 3
    harness.close_individual("POSITION-3")
    assert (harness.order(order_id)["status"], harness.order(order_id)["reason"]) == (1, "REDUCE_ONLY_VIOLATION")


def test_the_oldest_is_closed_first_where_the_account_asks_for_it() -> None:
    harness = BrokerHarness(Profile(hedging=True, fifo_close=True))
    for _ in range(2):
        harness.place(BUY, 10)
    for command in (
        lambda: harness.close_individual("POSITION-2"),
        lambda: harness.place(SELL, 1, isClose=True, positionId="POSITION-2"),
    ):
        with pytest.raises(Denied) as denied:
            command()
        assert denied.value.reason is Reason.FIFO_CLOSE
    harness.close_individual("POSITION-1")
    told = {one["id"]: one["canBeClosed"] for one in harness.told("individual-positions")}
    assert told == {"POSITION-1": False, "POSITION-2": True}


def test_hedging_is_switched_only_without_positions(harness: BrokerHarness) -> None:
    with pytest.raises(Denied):
        harness.change_profile(Profile())
    harness.close("AAPL")
    harness.change_profile(Profile())
    harness.place(BUY, 1)
    assert harness.individual() == {}
    with pytest.raises(Denied):
        harness.change_profile(HEDGING)


def test_a_net_position_of_individual_ones_has_no_brackets_and_ids_do_not_mix(harness: BrokerHarness) -> None:
    with pytest.raises(Denied):
        harness.brackets("AAPL", stopLoss=90)
    with pytest.raises(Missing):
        harness.close("POSITION-1")
    with pytest.raises(Missing):
        harness.close_individual("AAPL")


def test_a_reset_tells_the_end_of_every_individual_position(harness: BrokerHarness) -> None:
    harness.reset()
    assert {one["qty"] for one in harness.told("individual-positions")} == {0}
    assert harness.individual() == {}


def test_a_stop_out_closes_the_net_quantity_and_leaves_the_hedge() -> None:
    harness = BrokerHarness(HEDGING, balance=1000)
    harness.place(BUY, 50)
    harness.place(SELL, 20)
    harness.tick("AAPL", 72.0, 72.02)
    assert len(harness.told("executions")) == 0
    harness.tick("AAPL", 70.0, 70.02)
    assert harness.told("orders")[0]["reason"] == "STOP_OUT"
    assert harness.individual() == {"POSITION-1": (20, 100), "POSITION-2": (-20, 99.98)}
    harness.tick("AAPL", 30.0, 30.02)
    assert len(harness.individual()) == 2


def test_individual_positions_survive_a_restart(harness: BrokerHarness) -> None:
    harness.close_individual("POSITION-1", 3)
    before = [(one.id, one.holding, one.realised) for one in harness.account.individual]
    harness.restart()
    assert [(one.id, one.holding, one.realised) for one in harness.account.individual] == before


cents = st.integers(9_500, 10_500).map(lambda n: n / 100)
prices = st.fixed_dictionaries(
    {}, optional={"takeProfit": cents, "stopLoss": cents, "trailingStopPips": st.integers(1, 200)}
)
symbols = st.sampled_from(("AAPL", "SAP"))


class Hedging(RuleBasedStateMachine):
    """A trader with individual positions who does anything; the harness checks the ledger after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.harness = BrokerHarness(HEDGING)
        self.harness.quote("SAP", 99.9, 100.1)
        self.harness.quote("EURUSD", 1.08, 1.0802)

    def attempt(self, command: Any, *args: Any, **kwargs: Any) -> None:
        before = len(self.harness.events)
        try:
            command(*args, **kwargs)
        except Denied:
            assert len(self.harness.events) == before

    def one_of(self, pick: int) -> str:
        """Return the id of an open individual position, or one that is not open."""
        ids = [one.id for one in self.harness.account.individual] or ["POSITION-1"]
        return ids[pick % len(ids)]

    @rule(
        side=st.sampled_from((1, -1)),
        qty=st.integers(1, 300),
        kind=st.sampled_from((OrderType.MARKET, OrderType.LIMIT, OrderType.STOP)),
        symbol=symbols,
        limitPrice=cents,
        stopPrice=cents,
        isClose=st.booleans(),
        extras=st.one_of(st.just({}), prices),
    )
    def place(self, extras: dict[str, Any], **order: Any) -> None:
        self.attempt(self.harness.place, **order, **extras)

    @rule(pick=st.integers(0, 99), qty=st.integers(1, 300), symbol=symbols, side=st.sampled_from((1, -1)))
    def close_by_order(self, pick: int, qty: int, symbol: str, side: int) -> None:
        named = {"positionId": self.one_of(pick), "isClose": True, "limitPrice": 100.0}
        self.attempt(self.harness.place, side, qty, LIMIT, symbol, **named)

    @rule(pick=st.integers(0, 99), amount=st.none() | st.integers(1, 200))
    def close_individual(self, pick: int, amount: int | None) -> None:
        self.attempt(self.harness.close_individual, self.one_of(pick), amount)

    @rule(pick=st.integers(0, 99), wanted=prices)
    def edit_brackets(self, pick: int, wanted: dict[str, Any]) -> None:
        self.attempt(self.harness.individual_brackets, self.one_of(pick), **wanted)

    @rule(symbol=symbols, amount=st.none() | st.integers(1, 200))
    def close(self, symbol: str, amount: int | None) -> None:
        self.attempt(self.harness.close, symbol, amount)

    @rule(symbol=symbols)
    def reverse(self, symbol: str) -> None:
        self.attempt(self.harness.reverse, symbol)

    @rule(symbol=symbols, bid=cents, spread=st.integers(1, 20), size=st.none() | st.integers(0, 100))
    def tick(self, symbol: str, bid: float, spread: int, size: int | None) -> None:
        self.harness.tick(symbol, bid, round(bid + spread / 100, 2), size=size)

    @invariant()
    def legs_sum_to_the_net_position_in_quantity_cost_and_profit(self) -> None:
        account, view = self.harness.account, self.harness.view()
        assert {one.instrument.name for one in account.individual} == set(account.positions)
        for symbol, net in account.positions.items():
            own, quote = account.individual.of(symbol), view.quote(symbol)
            assert sum(one.holding.qty for one in own) == net.holding.qty == account.net[symbol]
            assert sum(signed_cost(one.holding) for one in own) == signed_cost(net.holding)
            assert all(one.holding.basis > 0 and one.holding.qty * one.side > 0 for one in own)
            mark = 12_345 * net.instrument.money_factor
            assert sum(unrealised(one.holding, mark) for one in own) == unrealised(net.holding, mark)
            profits = [profit for _, profit in individual_profits(account, net, view)]
            assert sum(profits) == profit_of(account, net, quote, view)

    @invariant()
    def exits_never_exceed_their_position(self) -> None:
        account = self.harness.account
        for order in account.working.values():
            if order.is_working and order.parent is not None:
                assert 0 < order.remaining <= account.reducible_by(order)

    def teardown(self) -> None:
        """Replaying the events gives the same individual positions."""
        replayed, live = Account(INSTRUMENTS, id=ACCOUNT), self.harness.account
        for event in self.harness.events:
            replayed.evolve(event)
        assert (replayed.funds, replayed.reserved) == (live.funds, live.reserved)
        assert [(one.id, one.holding, one.realised) for one in replayed.individual] == [
            (one.id, one.holding, one.realised) for one in live.individual
        ]


TestHedging = Hedging.TestCase
TestHedging.settings = examples(32, stateful_step_count=30)
