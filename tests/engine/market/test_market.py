import pytest

from engine.errors import Denied, Missing, Reason
from engine.market.market import Market
from engine.models.market.bars import BarsQuery, BarsSubscriptionRequest
from engine.models.market.depth import DepthSubscriptionRequest
from engine.models.market.instruments import SearchQuery
from engine.models.market.quotes import QuoteDataSubscriptionRequest
from tests.engine.market.specimens import CATALOGUE, Listeners, instant, make_feed

NOW_MS = instant("2026-01-05T15:00")
FEED = make_feed()
MARKET = Market(CATALOGUE, FEED)


def test_catalogue_is_reached_through_the_market() -> None:
    assert MARKET.config() == CATALOGUE.configuration()
    assert MARKET.search(SearchQuery(user_input="jpm"))[0]["symbol"] == "JPM"
    assert MARKET.instruments == CATALOGUE.by_name
    assert MARKET.instrument("nasdaq:aapl") is CATALOGUE.by_name["AAPL"]
    assert MARKET.instrument("NOPE") is None


@pytest.mark.parametrize("name", ["AAPL", "aapl", "NASDAQ:AAPL"])
def test_every_spelling_of_a_name_resolves(name: str) -> None:
    assert MARKET.resolve(name)["name"] == "AAPL"
    assert MARKET.bars(BarsQuery(symbol=name, resolution="1D"), NOW_MS)["bars"]


def test_unknown_name_is_missing() -> None:
    with pytest.raises(Missing, match="unknown symbol NOPE") as caught:
        MARKET.resolve("NOPE")
    assert caught.value.reason is Reason.UNKNOWN_SYMBOL
    with pytest.raises(Missing, match="unknown symbol NOPE"):
        MARKET.bars(BarsQuery(symbol="NOPE", resolution="1D"), NOW_MS)


def test_quotes_come_in_the_order_of_the_names() -> None:
    found = MARKET.quotes(["MSFT", "NOPE", "aapl", "MSFT"], NOW_MS)
    assert [(quote["n"], quote["s"]) for quote in found] == [
        ("MSFT", "ok"),
        ("NOPE", "error"),
        ("aapl", "ok"),
        ("MSFT", "ok"),
    ]
    assert found[0] == found[3]


def test_quote_is_the_feeds() -> None:
    assert MARKET.quote("BTCUSD", NOW_MS) == FEED["BTCUSD"].quote(NOW_MS)


def test_topic_keeps_the_requested_spelling_and_is_its_own_channel() -> None:
    topic = MARKET.topic("bars", BarsSubscriptionRequest(symbol="aapl", resolution="D"))
    assert topic.text == topic.channel == 'bars:{"resolution":"D","symbol":"aapl"}'
    assert topic.route.name == "bars"
    quotes = MARKET.topic("quotes", QuoteDataSubscriptionRequest(symbols=["MSFT", "AAPL"]))
    assert quotes.text == 'quotes:{"symbols":["MSFT","AAPL"]}'


@pytest.mark.parametrize(
    ("route", "params"),
    [
        ("bars", BarsSubscriptionRequest(symbol="NOPE", resolution="1")),
        ("depth", DepthSubscriptionRequest(symbol="NOPE")),
    ],
)
def test_topic_of_an_unknown_symbol_is_denied(
    route: str, params: BarsSubscriptionRequest | DepthSubscriptionRequest
) -> None:
    with pytest.raises(Denied, match="unknown symbol NOPE") as caught:
        MARKET.topic(route, params)
    assert caught.value.reason is Reason.UNKNOWN_SYMBOL


def test_markets_on_the_same_seed_send_the_same() -> None:
    topic = MARKET.topic("quotes", QuoteDataSubscriptionRequest(fast_symbols=["AAPL", "EURUSD"]))
    sent = [Market(CATALOGUE, make_feed(5)).updates(Listeners(topic), NOW_MS) for _ in range(2)]
    assert sent[0] == sent[1]
    assert len(sent[0]) == 2
