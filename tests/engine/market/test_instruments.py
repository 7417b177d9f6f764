import json
from pathlib import Path
from typing import Any

import pytest

from engine.market.instruments import Catalogue
from engine.models.market.instruments import (
    RESOLUTIONS,
    DatafeedConfiguration,
    Instrument,
    LibrarySymbolInfo,
    SearchPageQuery,
    SearchQuery,
    SearchSymbolResultItem,
)
from tests.engine.market.specimens import CATALOGUE, make_instrument


def entry(**changes: Any) -> dict[str, Any]:
    return make_instrument().model_dump(mode="json") | changes


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in entry().items() if name != key}


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_default_catalogue_has_the_demo_instruments() -> None:
    assert [instrument.name for instrument in CATALOGUE] == [
        *("AAPL", "GOOGL", "MSFT", "JPM"),
        *("EURUSD", "USDJPY", "SAP", "BTCUSD", "ETHUSD"),
    ]


def test_another_file_replaces_the_catalogue(tmp_path: Path) -> None:
    catalogue = Catalogue.load(write(tmp_path / "mine.json", [entry(name="MINE"), entry(name="YOURS")]))
    assert list(catalogue.by_name) == ["MINE", "YOURS"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ({}, "is not a list of instruments"),
        ([], "the catalogue has no instruments"),
        ([entry(), 5], "entry 2: Input should be a valid dictionary or instance of Instrument"),
        ([without("name")], "entry 1: name: Field required"),
        ([entry(), entry(name="B", pricescale=0)], "B: pricescale: Input should be greater than or equal to 1"),
        ([entry(name="B", qty={"min": "1", "max": "9"})], "B: qty.step: Field required"),
        ([entry(name="B", pricescale=True)], "B: pricescale: must not be a boolean"),
        ([entry(name="B", qty={"min": True, "max": "9", "step": "1"})], "B: qty.min: must not be a boolean"),
        ([entry(name="B", timezone="Mars/Base")], "B: timezone: no time zone is called 'Mars/Base'"),
        ([entry(name="B", session="0930")], "B: session: '0930' is not hours such as 0930-1600 or 0900-1130,1230-1500"),
        (
            [entry(name="B", session="0930-1000")],
            "B: session: '0930-1000' is shorter than 60 minutes or ends after 2400",
        ),
        (
            [entry(name="B", session="0930-1600:8")],
            "B: session: '8' is not a list of days from 1 (Sunday) to 7 (Saturday)",
        ),
        ([entry(name="B", holidays="20260230")], "B: '20260230' is not a list of dates such as 20261225"),
        (
            [entry(name="B", corrections="0930:20260102")],
            "B: session: '0930' is not hours such as 0930-1600 or 0900-1130,1230-1500",
        ),
        (
            [entry(name="B", session="1700-1700", corrections="2000-1900:20260105")],
            "B: corrections: a session begins before the one of the day before has ended",
        ),
        ([entry(name="B", calendar="MARS")], "B: calendar: 'MARS' is not one of the file's calendars"),
        ({"instruments": []}, "the catalogue has no instruments"),
        ([entry(name="B", timezone="../etc")], "B: timezone: no time zone is called '../etc'"),
        (
            [entry(name="B", variable_tick="0.01 10")],
            "B: variable_tick: '0.01 10' is not ticks and the prices between them, in 1/100",
        ),
        ([entry(anchor="0.1")], "TEST: anchor is not between 20 spreads and 1000000000000000 price units"),
        ([entry(daily_volume=10**16)], "TEST: daily_volume is more than 1000000000000000 quantity units"),
        ([entry(), entry()], "TEST: name: the catalogue has it twice"),
        ([entry(), entry(name="test", exchange="X")], "test: name: the catalogue has it twice"),
    ],
)
def test_bad_file_is_one_line_that_names_entry_and_field(tmp_path: Path, content: object, message: str) -> None:
    path = write(tmp_path / "bad.json", content)
    with pytest.raises(ValueError) as caught:
        Catalogue.load(path)
    assert str(caught.value) == f"{path}: {message}"


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.json: cannot be read: No such file"):
        Catalogue.load(tmp_path / "none.json")


@pytest.mark.parametrize("name", ["AAPL", "aapl", "NASDAQ:AAPL", "nasdaq:Aapl"])
def test_instrument_is_found_by_name_or_full_name_in_any_case(name: str) -> None:
    found = CATALOGUE.find(name)
    assert found is not None
    assert found.name == "AAPL"


@pytest.mark.parametrize("name", ["", "AAP", "NYSE:AAPL", "Apple Inc."])
def test_nothing_else_is_found(name: str) -> None:
    assert CATALOGUE.find(name) is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["AAPL", "GOOGL", "MSFT", "JPM", "EURUSD", "USDJPY", "SAP", "BTCUSD", "ETHUSD"]),
        ({"user_input": "usd"}, ["USDJPY", "EURUSD", "BTCUSD", "ETHUSD"]),
        ({"user_input": "ApPlE"}, ["AAPL"]),
        ({"user_input": "nasdaq:"}, ["AAPL", "GOOGL", "MSFT"]),
        ({"user_input": " msft "}, ["MSFT"]),
        ({"user_input": "zzz"}, []),
        ({"user_input": "o", "exchange": "nasdaq"}, ["GOOGL", "MSFT"]),
        ({"user_input": "u", "symbol_type": "crypto"}, ["BTCUSD", "ETHUSD"]),
        ({"exchange": "NYSE"}, ["JPM"]),
        ({"symbol_type": "futures"}, []),
        ({"max_results": 2}, ["AAPL", "GOOGL"]),
    ],
)
def test_search_finds_substrings_within_its_filters(query: dict[str, Any], expected: list[str]) -> None:
    assert [item["symbol"] for item in CATALOGUE.search(SearchQuery(**query))] == expected


def test_search_ranks_exact_before_prefix_before_substring() -> None:
    names = {"XABC": "x", "ABCD": "x", "ABC": "x", "OTHER": "abc holding", "LAST": "the abc"}
    catalogue = Catalogue(make_instrument(name=name, description=text) for name, text in names.items())
    found = catalogue.search(SearchQuery(user_input="abc"))
    assert [item["symbol"] for item in found] == ["ABC", "ABCD", "OTHER", "XABC", "LAST"]


def test_search_result_has_the_shape_of_its_model() -> None:
    (item,) = CATALOGUE.search(SearchQuery(user_input="jpm"))
    assert SearchSymbolResultItem.model_validate(item).model_dump() == item


def test_configuration_lists_exchanges_types_and_resolutions() -> None:
    found = DatafeedConfiguration.model_validate(CATALOGUE.configuration())
    assert [exchange.value for exchange in found.exchanges] == ["", "NASDAQ", "NYSE", "FOREX", "XETR", "CRYPTO"]
    assert [kind.value for kind in found.symbols_types] == ["", "stock", "forex", "crypto"]
    assert found.supported_resolutions == list(RESOLUTIONS)
    assert found.supports_time


def test_symbol_info_describes_the_instrument() -> None:
    info = LibrarySymbolInfo.model_validate(CATALOGUE.symbol_info(CATALOGUE.by_name["EURUSD"]))
    assert (info.name, info.ticker, info.full_name) == ("EURUSD", "EURUSD", "FOREX:EURUSD")
    assert (info.session, info.timezone) == ("24x7", "America/New_York")
    assert (info.pricescale, info.minmov, info.volume_precision) == (100000, 1, 0)
    assert info.intraday_multipliers == ["1", "3", "5", "15", "30", "60", "240"]
    assert info.has_intraday
    assert info.has_daily
    assert info.has_weekly_and_monthly
    assert info.supported_resolutions == list(RESOLUTIONS)


def test_an_entry_may_name_a_calendar_of_the_file(tmp_path: Path) -> None:
    calendar = {"holidays": ["20260101,20260119", "20270101"], "corrections": ["0930-1300:20261127"]}
    plain = {name: value for name, value in entry(name="A").items() if name not in calendar}
    content = {"calendars": {"US": calendar}, "instruments": [plain | {"calendar": "US"}, entry(name="B")]}
    catalogue = Catalogue.load(write(tmp_path / "mine.json", content), "exchange")
    first, second = catalogue
    assert (first.holidays, first.corrections) == ("20260101,20260119,20270101", "0930-1300:20261127")
    info = catalogue.symbol_info(first)
    assert (info["session"], info["session_holidays"], info["corrections"]) == (
        *("0930-1600", "20260101,20260119,20270101", "0930-1300:20261127"),
    )
    assert second.holidays == ""
    assert catalogue.calendars["A"] is not catalogue.calendars["B"]


def test_a_choice_of_instruments_keeps_order_and_hours() -> None:
    chosen = Catalogue.load(sessions="exchange").chosen(["MSFT", "AAPL"])
    assert [one.name for one in chosen] == ["AAPL", "MSFT"]
    assert chosen.sessions == "exchange"


@pytest.mark.parametrize(
    ("pricescale", "decimals"), [(1, 0), (100, 2), (100_000, 5), (4, 2), (8, 3), (32, 5), (64, 6), (400, 4), (3, 5)]
)
def test_a_price_has_the_decimals_of_its_unit(pricescale: int, decimals: int) -> None:
    instrument = Instrument.model_construct(**entry(pricescale=pricescale))
    assert instrument.price_decimals == decimals


def test_pages_of_a_search_are_its_matches_in_order_and_count_the_rest() -> None:
    catalogue = Catalogue.load()
    whole = catalogue.search(SearchQuery(user_input="a", max_results=500))
    found: list[Any] = []
    remaining = len(whole)
    while remaining:
        page = catalogue.search_page(SearchPageQuery(user_input="a", max_results=3, start=len(found)))
        found += page["items"]
        remaining = page["symbols_remaining"]
        assert remaining == len(whole) - len(found)
    assert found == whole
    assert catalogue.search_page(SearchPageQuery(user_input="a", start=999)) == {"items": [], "symbols_remaining": 0}
