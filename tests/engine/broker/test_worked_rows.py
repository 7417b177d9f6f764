"""The twelve worked rows: balance, realised profit and position after each trade, to the cent."""

import pytest

from engine.models.broker.account import Commission, Profile
from tests.engine.broker.harness import LIMIT, BrokerHarness

Row = tuple[float, float, list[tuple[str, float, float, tuple[float, float] | None]]]

# start, commission, [(trade, balance, realised, (signed quantity, average) or None when flat)]
ROWS: list[Row] = [
    (10000, 0, [("B50@100", 10000, 0, (50, 100)), ("S50@110", 10500, 500, None)]),
    (
        5000,
        0,
        [
            ("B300@20", 5000, 0, (300, 20)),
            ("S100@25", 5500, 500, (200, 20)),
            ("S200@18", 5100, 100, None),
        ],
    ),
    (8000, 0, [("S100@50", 8000, 0, (-100, 50)), ("B100@40", 9000, 1000, None)]),
    (
        20000,
        0,
        [
            ("S50@200", 20000, 0, (-50, 200)),
            ("B30@190", 20300, 300, (-20, 200)),
            ("B50@195", 20400, 400, (30, 195)),
        ],
    ),
    (15000, 0, [("B100@150", 15000, 0, (100, 150)), ("S200@140", 14000, -1000, (-100, 140))]),
    (
        12000,
        0,
        [
            ("B200@60", 12000, 0, (200, 60)),
            ("S50@62", 12100, 100, (150, 60)),
            ("B150@63", 12100, 100, (300, 61.5)),
        ],
    ),
    (
        7000,
        0,
        [
            ("B100@30", 7000, 0, (100, 30)),
            ("S50@28", 6900, -100, (50, 30)),
            ("B50@29", 6900, -100, (100, 29.5)),
        ],
    ),
    (50000, 5, [("B100@500", 49995, 0, (100, 500)), ("S100@510", 50990, 1000, None)]),
    (
        2500,
        0,
        [("B50@10", 2500, 0, (50, 10)), ("B50@12", 2500, 0, (100, 11)), ("S100@11", 2500, 0, None)],
    ),
    (
        30000,
        0,
        [
            ("S40@250", 30000, 0, (-40, 250)),
            ("S20@260", 30000, 0, (-60, 253.333333)),
            ("B30@255", 29950, -50, (-30, 253.333333)),
        ],
    ),
    (6000, 0, [("S50@80", 6000, 0, (-50, 80)), ("B50@95", 5250, -750, None)]),
    (
        40000,
        0,
        [
            ("B200@100", 40000, 0, (200, 100)),
            ("S150@105", 40750, 750, (50, 100)),
            ("S300@104", 40950, 950, (-250, 104)),
            ("B100@102", 41150, 1150, (-150, 104)),
            ("B150@101", 41600, 1600, None),
        ],
    ),
]


@pytest.mark.parametrize(("start", "commission", "trades"), ROWS, ids=[str(int(row[0])) for row in ROWS])
def test_balance_realised_and_position_after_each_trade(
    start: float, commission: float, trades: list[tuple[str, float, float, tuple[float, float] | None]]
) -> None:
    profile = Profile(fill_model="simulator", is_manual=True, commission=Commission(per_trade=commission))
    harness = BrokerHarness(profile, balance=start)
    for trade, balance, realised, position in trades:
        qty, price = (float(part) for part in trade[1:].split("@"))
        harness.place(1 if trade[0] == "B" else -1, qty, LIMIT, limitPrice=price)
        harness.execute()
        (state,) = harness.told("equity")
        assert (state["balance"], state["realizedPL"], harness.position()) == (balance, realised, position), trade


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
