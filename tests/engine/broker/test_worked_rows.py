"""The twelve worked rows: balance, realised profit and position after each trade, to the cent."""

import pytest

from engine.models.broker.account import Commission, Profile
from server.conformance.worked_rows import ROWS, WorkedRow
from tests.engine.broker.harness import LIMIT, BrokerHarness


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.start))
def test_balance_realised_and_position_after_each_trade(row: WorkedRow) -> None:
    profile = Profile(fill_model="simulator", is_manual=True, commission=Commission(per_trade=row.commission))
    harness = BrokerHarness(profile, balance=row.start)
    for trade in row.trades:
        harness.place(trade.side, trade.qty, LIMIT, limitPrice=trade.price)
        harness.execute()
        (state,) = harness.told("equity")
        found = (state["balance"], state["realizedPL"], harness.position())
        assert found == (trade.balance, trade.realised, trade.position), trade


def test_two_tenths_and_one_tenth_of_bitcoin_close_exactly() -> None:
    harness = BrokerHarness(Profile(fill_model="simulator", is_manual=True))
    harness.quote("BTCUSD", 60000, 60005)
    told = []
    for side, qty in ((1, 0.1), (1, 0.2), (-1, 0.3)):
        harness.place(side, qty, symbol="BTCUSD")
        harness.execute()
        told += harness.told("positions")
    assert [update["qty"] for update in told] == [0.1, 0.3, 0]
    assert harness.account.positions == {}
