"""Predicates and prices: the trigger and fill tables of the trading rules."""

import pytest

from engine.broker import matching
from engine.models.market.quotes import Quote

QUOTE = Quote("AAPL", 0, bid=9998, ask=10002, last=10000, bid_size=50, ask_size=30)


@pytest.mark.parametrize(
    ("side", "limit", "marketable"),
    [
        (1, 10001, False),
        (1, 10002, True),
        (1, 10010, True),
        (-1, 9999, False),
        (-1, 9998, True),
        (-1, 9990, True),
    ],
)
def test_a_limit_is_marketable_when_it_touches(side: int, limit: int, marketable: bool) -> None:
    assert matching.is_marketable(side, limit, QUOTE) is marketable


@pytest.mark.parametrize(
    ("side", "stop", "source", "triggered"),
    [
        (1, 10000, "last", True),
        (1, 10001, "last", False),
        (-1, 10000, "last", True),
        (-1, 9999, "last", False),
        (1, 10002, "bid_ask", True),
        (1, 10003, "bid_ask", False),
        (-1, 9998, "bid_ask", True),
        (-1, 9997, "bid_ask", False),
    ],
)
def test_a_stop_triggers_at_or_beyond_its_price(side: int, stop: int, source: str, triggered: bool) -> None:
    assert matching.is_stop_triggered(side, stop, source, QUOTE) is triggered


def test_a_long_position_is_marked_at_the_bid_and_a_short_one_at_the_ask() -> None:
    assert (matching.mark_price(5, QUOTE), matching.mark_price(-5, QUOTE)) == (9998, 10002)
