"""The twelve worked rows of profit arithmetic: trades, and balance, realised profit and position after each.

The script runs them against a broker, and the tests of the engine against the engine. Source: docs/trading.md,
positions and money.
"""

from typing import NamedTuple


class Trade(NamedTuple):
    """A trade and the state after it.

    Attributes:
        side, qty, price: The trade: 1 buys, -1 sells.
        balance, realised: Money of the account after it.
        position: Signed quantity and average price after it; None without a position.
    """

    side: int
    qty: float
    price: float
    balance: float
    realised: float
    position: tuple[float, float] | None


class WorkedRow(NamedTuple):
    """A worked row: balance at the start, commission of each trade, and the trades."""

    start: float
    commission: float
    trades: tuple[Trade, ...]


BUY, SELL = 1, -1

# fmt: off
ROWS = (
    WorkedRow(10000, 0, (
        Trade(BUY, 50, 100, 10000, 0, (50, 100)),
        Trade(SELL, 50, 110, 10500, 500, None),
    )),
    WorkedRow(5000, 0, (
        Trade(BUY, 300, 20, 5000, 0, (300, 20)),
        Trade(SELL, 100, 25, 5500, 500, (200, 20)),
        Trade(SELL, 200, 18, 5100, 100, None),
    )),
    WorkedRow(8000, 0, (
        Trade(SELL, 100, 50, 8000, 0, (-100, 50)),
        Trade(BUY, 100, 40, 9000, 1000, None),
    )),
    WorkedRow(20000, 0, (
        Trade(SELL, 50, 200, 20000, 0, (-50, 200)),
        Trade(BUY, 30, 190, 20300, 300, (-20, 200)),
        Trade(BUY, 50, 195, 20400, 400, (30, 195)),
    )),
    WorkedRow(15000, 0, (
        Trade(BUY, 100, 150, 15000, 0, (100, 150)),
        Trade(SELL, 200, 140, 14000, -1000, (-100, 140)),
    )),
    WorkedRow(12000, 0, (
        Trade(BUY, 200, 60, 12000, 0, (200, 60)),
        Trade(SELL, 50, 62, 12100, 100, (150, 60)),
        Trade(BUY, 150, 63, 12100, 100, (300, 61.5)),
    )),
    WorkedRow(7000, 0, (
        Trade(BUY, 100, 30, 7000, 0, (100, 30)),
        Trade(SELL, 50, 28, 6900, -100, (50, 30)),
        Trade(BUY, 50, 29, 6900, -100, (100, 29.5)),
    )),
    WorkedRow(50000, 5, (
        Trade(BUY, 100, 500, 49995, 0, (100, 500)),
        Trade(SELL, 100, 510, 50990, 1000, None),
    )),
    WorkedRow(2500, 0, (
        Trade(BUY, 50, 10, 2500, 0, (50, 10)),
        Trade(BUY, 50, 12, 2500, 0, (100, 11)),
        Trade(SELL, 100, 11, 2500, 0, None),
    )),
    WorkedRow(30000, 0, (
        Trade(SELL, 40, 250, 30000, 0, (-40, 250)),
        Trade(SELL, 20, 260, 30000, 0, (-60, 253.333333)),
        Trade(BUY, 30, 255, 29950, -50, (-30, 253.333333)),
    )),
    WorkedRow(6000, 0, (
        Trade(SELL, 50, 80, 6000, 0, (-50, 80)),
        Trade(BUY, 50, 95, 5250, -750, None),
    )),
    WorkedRow(40000, 0, (
        Trade(BUY, 200, 100, 40000, 0, (200, 100)),
        Trade(SELL, 150, 105, 40750, 750, (50, 100)),
        Trade(SELL, 300, 104, 40950, 950, (-250, 104)),
        Trade(BUY, 100, 102, 41150, 1150, (-150, 104)),
        Trade(BUY, 150, 101, 41600, 1600, None),
    )),
)
# fmt: on
