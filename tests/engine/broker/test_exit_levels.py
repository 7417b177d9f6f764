"""Exit levels: one-cancels-other in each level, quantities that follow entry and position, and never more than it."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.broker.exit_levels import pairs_with_levels
from engine.errors import Denied, Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import OrderType
from tests.engine.broker.harness import BUY, LIMIT, SELL, BrokerHarness
from tests.properties import examples

LEVELS = [
    {"qty": 5, "takeProfit": 110.0, "stopLoss": 95.0},
    {"qty": 3, "takeProfit": 120.0, "stopLoss": 90.0},
    {"qty": 2, "stopLoss": 85.0},
]
WHOLE = {"1": {"takeProfit": 5, "stop": 5}, "2": {"takeProfit": 3, "stop": 3}, "3": {"stop": 2}}


@pytest.fixture
def harness() -> BrokerHarness:
    """An account that bought 10 at 100 with three exit levels."""
    harness = BrokerHarness()
    harness.place(BUY, 10, exitLevels=LEVELS)
    return harness


def test_each_level_has_a_pair_of_its_own(harness: BrokerHarness) -> None:
    assert harness.exits() == WHOLE
    told = [(one["exitLevelId"], one["parentId"], one["qty"]) for one in harness.told("orders")[1:]]
    assert told == [("1", "AAPL", 5), ("1", "AAPL", 5), ("2", "AAPL", 3), ("2", "AAPL", 3), ("3", "AAPL", 2)]
    position = harness.told("positions")[-1]
    assert (position["takeProfit"], position["stopLoss"]) == (None, None)
    shown = [(one["id"], one["qty"], one["takeProfit"], one["stopLoss"]) for one in position["exitLevels"]]
    assert shown == [("1", 5, 110, 95), ("2", 3, 120, 90), ("3", 2, None, 85)]
    assert [one["id"] for one in harness.order("ORDER-1")["exitLevels"]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("prices", "left", "quantity"),
    [
        ([110.0], {"2": {"takeProfit": 3, "stop": 3}, "3": {"stop": 2}}, 5),
        ([110.0, 120.0], {"3": {"stop": 2}}, 2),
        ([94.0], {"2": {"takeProfit": 3, "stop": 3}, "3": {"stop": 2}}, 5),
        ([110.0, 89.0], {"3": {"stop": 2}}, 2),
        ([84.0], {}, 0),
    ],
)
def test_an_exit_cancels_the_other_one_of_its_level_only(
    prices: list[float], left: dict[str, Any], quantity: int, harness: BrokerHarness
) -> None:
    for price in prices:
        harness.tick("AAPL", price, price + 0.02)
    assert harness.exits() == left
    assert harness.account.signed_qty("AAPL") == quantity


@pytest.mark.parametrize(
    ("closed", "left"),
    [
        (1, WHOLE | {"3": {"stop": 1}}),
        (2, {"1": WHOLE["1"], "2": WHOLE["2"]}),
        (4, {"1": WHOLE["1"], "2": {"takeProfit": 1, "stop": 1}}),
        (8, {"1": {"takeProfit": 2, "stop": 2}}),
        (10, {}),
    ],
)
def test_a_smaller_position_takes_from_the_last_level_first(
    closed: int, left: dict[str, Any], harness: BrokerHarness
) -> None:
    harness.close("AAPL", closed)
    assert harness.exits() == left


def test_levels_do_not_grow_with_the_position(harness: BrokerHarness) -> None:
    harness.place(BUY, 10)
    assert harness.exits() == WHOLE


def test_levels_are_filled_in_their_order_as_the_entry_fills() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.0, size=4)
    harness.place(BUY, 10, exitLevels=LEVELS)
    assert harness.exits() == {"1": {"takeProfit": 4, "stop": 4}}
    harness.tick("AAPL", 99.98, 100.0, size=3)
    assert harness.exits() == {"1": {"takeProfit": 5, "stop": 5}, "2": {"takeProfit": 2, "stop": 2}}
    harness.tick("AAPL", 99.98, 100.0, size=3)
    assert harness.exits() == WHOLE


def test_levels_of_a_position_replace_its_brackets_and_the_reverse(harness: BrokerHarness) -> None:
    harness.brackets("AAPL", takeProfit=130.0)
    assert harness.exits() == {"": {"takeProfit": 10}}
    harness.brackets("AAPL", exitLevels=[{"id": "near", "qty": 4, "takeProfit": 105.0}, {"qty": 6, "stopLoss": 99.0}])
    assert harness.exits() == {"near": {"takeProfit": 4}, "2": {"stop": 6}}
    harness.brackets("AAPL")
    assert harness.exits() == {}


def test_levels_belong_to_an_individual_position_of_a_hedging_account() -> None:
    harness = BrokerHarness(Profile(hedging=True))
    harness.place(BUY, 10, exitLevels=LEVELS)
    harness.place(BUY, 10)
    assert harness.exits() == WHOLE
    harness.close_individual("POSITION-7", 10)
    assert harness.exits() == WHOLE
    harness.close_individual("POSITION-1", 4)
    assert harness.exits() == {"1": WHOLE["1"], "2": {"takeProfit": 1, "stop": 1}}


def test_a_canceled_or_moved_exit_shows_on_its_entry() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=98.0, exitLevels=LEVELS)
    legs = {(one.parent.level, one.type): one.id for one in harness.account.working.values() if one.parent}
    harness.cancel(legs["2", OrderType.LIMIT])
    harness.modify(legs["1", OrderType.STOP], stopPrice=94.0)
    shown = [(one["id"], one["takeProfit"], one["stopLoss"]) for one in harness.order(entry)["exitLevels"]]
    assert shown == [("1", 110, 94), ("2", None, 90), ("3", None, 85)]
    harness.tick("AAPL", 97.0, 97.02)
    assert harness.exits() == WHOLE | {"2": {"stop": 3}}


def test_levels_of_an_entry_change_before_it_fills() -> None:
    harness = BrokerHarness()
    entry = harness.place(BUY, 10, LIMIT, limitPrice=98.0, exitLevels=LEVELS)
    harness.modify(entry, exitLevels=[{"qty": 6, "takeProfit": 111.0}])
    harness.tick("AAPL", 97.0, 97.02)
    assert harness.exits() == {"1": {"takeProfit": 6}}


def test_levels_of_a_partly_filled_entry_stay_and_its_price_changes() -> None:
    harness = BrokerHarness()
    harness.quote("AAPL", 99.98, 100.0, size=4)
    entry = harness.place(BUY, 10, LIMIT, limitPrice=100.0, exitLevels=LEVELS)
    with pytest.raises(Denied):
        harness.modify(entry, exitLevels=LEVELS[:1])
    harness.modify(entry, limitPrice=99.0)
    assert harness.exits() == {"1": {"takeProfit": 4, "stop": 4}}


@pytest.mark.parametrize(
    ("levels", "fields", "reason"),
    [
        ([{"qty": 6, "takeProfit": 110.0}, {"qty": 5, "takeProfit": 120.0}], {}, Reason.QTY_RANGE),
        ([{"qty": 0, "takeProfit": 110.0}], {}, Reason.QTY_RANGE),
        ([{"qty": 1.5, "takeProfit": 110.0}], {}, Reason.BAD_QTY_STEP),
        ([{"qty": 5, "takeProfit": 90.0}], {}, Reason.OCO_BAD_PRICES),
        ([{"qty": 5, "takeProfit": 110.0}], {"stopLoss": 90.0}, Reason.UNSUPPORTED_COMBINATION),
        ([{"id": "2", "qty": 5, "takeProfit": 110.0}, {"qty": 5, "takeProfit": 120.0}], {}, "UNSUPPORTED_COMBINATION"),
        ([{"qty": 5, "stopLoss": 90.0, "trailingStopPips": 5}], {}, Reason.UNSUPPORTED_COMBINATION),
        ([{"qty": 5, "takeProfit": 110.0}], {"isClose": True}, Reason.UNSUPPORTED_COMBINATION),
    ],
)
def test_levels_that_contradict_something_are_denied(
    levels: list[dict[str, Any]], fields: dict[str, Any], reason: Reason
) -> None:
    harness = BrokerHarness()
    with pytest.raises(Denied) as denied:
        harness.place(BUY, 10, exitLevels=levels, **fields)
    assert denied.value.reason == reason


def test_levels_survive_a_restart(harness: BrokerHarness) -> None:
    harness.close("AAPL", 4)
    before = harness.exits()
    harness.restart()
    assert harness.exits() == before


cents = st.integers(9_500, 10_500).map(lambda n: n / 100)
exits = {"takeProfit": cents, "stopLoss": cents, "trailingStopPips": st.integers(1, 99)}
level = st.fixed_dictionaries({"qty": st.integers(1, 40)}, optional=exits)
levels = st.lists(level, min_size=1, max_size=3)


class Exits(RuleBasedStateMachine):
    """A trader with exit levels who does anything, netting or hedging."""

    @initialize(hedging=st.booleans())
    def start(self, hedging: bool) -> None:
        self.harness = BrokerHarness(Profile(hedging=hedging))

    def attempt(self, command: Any, *args: Any, **kwargs: Any) -> None:
        before = len(self.harness.events)
        try:
            command(*args, **kwargs)
        except Denied:
            assert len(self.harness.events) == before

    @rule(
        side=st.sampled_from((BUY, SELL)),
        qty=st.integers(1, 100),
        kind=st.sampled_from((OrderType.MARKET, OrderType.LIMIT)),
        limitPrice=cents,
        exitLevels=st.none() | levels,
    )
    def place(self, **order: Any) -> None:
        self.attempt(self.harness.place, **order)

    @rule(exitLevels=levels, pick=st.integers(0, 99))
    def edit(self, pick: int, **wanted: Any) -> None:
        if own := list(self.harness.account.individual):
            self.attempt(self.harness.individual_brackets, own[pick % len(own)].id, **wanted)
        else:
            self.attempt(self.harness.brackets, "AAPL", **wanted)

    @rule(pick=st.integers(0, 99), price=cents)
    def modify(self, pick: int, price: float) -> None:
        if ids := list(self.harness.account.working):
            self.attempt(self.harness.modify, ids[pick % len(ids)], limitPrice=price)

    @rule(pick=st.integers(0, 99))
    def cancel(self, pick: int) -> None:
        if ids := list(self.harness.account.working):
            self.attempt(self.harness.cancel, ids[pick % len(ids)])

    @rule(amount=st.none() | st.integers(1, 60))
    def close(self, amount: int | None) -> None:
        self.attempt(self.harness.close, "AAPL", amount)

    @rule()
    def reverse(self) -> None:
        self.attempt(self.harness.reverse)

    @rule(bid=cents, spread=st.integers(1, 20), size=st.none() | st.integers(0, 40))
    def tick(self, bid: float, spread: int, size: int | None) -> None:
        self.harness.tick("AAPL", bid, round(bid + spread / 100, 2), size=size)

    @invariant()
    def exits_never_exceed_their_position(self) -> None:
        account = self.harness.account
        for own in pairs_with_levels(account, "AAPL").values():
            orders = [orders for orders in own.values() if orders]
            total = sum(max(order.remaining for order in one) for one in orders)
            assert 0 < total <= account.reducible_by(orders[0][0])
            assert all(len({order.remaining for order in one}) == 1 for one in orders)


TestExits = Exits.TestCase
TestExits.settings = examples(32, stateful_step_count=25)
