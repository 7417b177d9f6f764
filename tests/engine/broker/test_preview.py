"""Order previews: every price and amount in words for traders, with all the decimals that it has."""

import pytest

from engine.errors import Denied
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote
from tests.engine.broker.harness import BUY, INSTRUMENTS, LIMIT, SELL, STOP, BrokerHarness


def harness_of_scale(pricescale: int) -> BrokerHarness:
    """A market of AAPL from 110 to one price unit above it, with another price scale."""
    entry = INSTRUMENTS["AAPL"].model_dump() | {"pricescale": pricescale, "band": None}
    harness = BrokerHarness(instruments={"AAPL": Instrument.model_validate(entry)})
    units = 110 * pricescale
    harness.quotes["AAPL"] = Quote("AAPL", harness.now_ms, units, units + 1, units, None, None)
    return harness


@pytest.mark.parametrize(
    ("pricescale", "price"),
    [(32, "110.03125"), (4, "110.25"), (64, "110.015625"), (400, "110.0025"), (100, "110.01"), (1, "111")],
)
def test_a_price_is_shown_with_all_its_decimals(pricescale: int, price: str) -> None:
    harness = harness_of_scale(pricescale)
    told = harness.preview(BUY, 10, LIMIT, limitPrice=110 + 1 / pricescale, stopLoss=109.0)
    rows = {row["title"]: row["value"] for section in told["sections"] for row in section["rows"]}
    assert rows["Limit Price"] == rows["Estimated Price"] == price
    harness.place(BUY, 10)
    assert harness.position() == (10, 110 + 1 / pricescale)


def test_a_refusal_names_the_whole_price() -> None:
    harness = harness_of_scale(32)
    order_id = harness.place(SELL, 1, STOP, stopPrice=110.03125)
    assert "stop price 110.03125 would trigger immediately" in harness.order(order_id)["message"]["text"]
    with pytest.raises(Denied, match=r"limitPrice 110\.01 is not a multiple of 0\.03125"):
        harness.place(BUY, 1, LIMIT, limitPrice=110.01)
