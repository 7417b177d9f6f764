import pytest

from engine.market.quotes import error_quote, wire_quote
from engine.models.market.quotes import DayStats, Quote, QuoteData
from tests.engine.market.specimens import CATALOGUE

AAPL = CATALOGUE.by_name["AAPL"]
BTCUSD = CATALOGUE.by_name["BTCUSD"]
EURUSD = CATALOGUE.by_name["EURUSD"]


def test_quote_is_written_in_the_instruments_decimals() -> None:
    quote = Quote("AAPL", 0, 19011, 19013, 19012, 5000, 5000)
    assert wire_quote("nasdaq:aapl", AAPL, quote, DayStats(18900, 19100, 18850, 18900, 1234)) == {
        "s": "ok",
        "n": "nasdaq:aapl",
        "v": {
            "lp": 190.12,
            "ask": 190.13,
            "bid": 190.11,
            "spread": 0.02,
            "open_price": 189.0,
            "high_price": 191.0,
            "low_price": 188.5,
            "prev_close_price": 189.0,
            "volume": 1234.0,
            "ch": 1.12,
            "chp": 0.59,
            "short_name": "AAPL",
            "exchange": "NASDAQ",
            "description": "Apple Inc.",
            "original_name": "NASDAQ:AAPL",
        },
    }


@pytest.mark.parametrize(
    ("last", "prev_close", "ch", "chp"),
    [(100_000, 100_000, 0.0, 0.0), (99_000, 100_000, -0.01, -1.0), (108_003, 108_001, 0.00002, 0.0)],
)
def test_change_counts_from_the_previous_close(last: int, prev_close: int, ch: float, chp: float) -> None:
    quote = Quote("EURUSD", 0, last - 4, last + 4, last, None, None)
    values = wire_quote("EURUSD", EURUSD, quote, DayStats(last, last, last, prev_close, 0))["v"]
    assert (values["ch"], values["chp"]) == (ch, chp)


def test_volume_is_written_in_whole_coins() -> None:
    quote = Quote("BTCUSD", 0, 6_200_000, 6_200_500, 6_200_250, None, None)
    stats = DayStats(1, 1, 1, 6_200_000, 123_456_789_012)
    assert wire_quote("BTCUSD", BTCUSD, quote, stats)["v"]["volume"] == 1234.56789012


def test_unknown_name_is_an_error_quote() -> None:
    found = error_quote("NOPE", "unknown symbol NOPE")
    assert found == {"s": "error", "n": "NOPE", "v": {"error": "unknown symbol NOPE"}}
    assert QuoteData.model_validate(found).model_dump() == found


def test_quote_has_the_shape_of_its_model() -> None:
    quote = Quote("AAPL", 0, 19011, 19013, 19012, 5000, 5000)
    found = wire_quote("AAPL", AAPL, quote, DayStats(18900, 19100, 18850, 18900, 1234))
    assert QuoteData.model_validate(found).model_dump() == found
