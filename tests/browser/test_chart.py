"""The chart and the clock of the market: bars that failed, market time, lines beyond the visible prices, halts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import ServerProcess, Terminal, terminal_of
from tests.browser.hands import CHART_LIBRARY, bid

pytestmark = pytest.mark.browser

MAY_2027_S = 1_809_000_000


@pytest.fixture(scope="module")
def other_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server in another year with a faster clock, whose markets have trading hours."""
    start = ("--start", "2027-06-01T19:00:00Z", "--speed", "10", "--sessions", "exchange")
    process = ServerProcess(tmp_path_factory.mktemp("other"), "--ephemeral", *start)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def elsewhere(browser: Browser, other_market: ServerProcess) -> Iterator[Terminal]:
    """A fresh page of the server in another year."""
    yield from terminal_of(browser, other_market.address, {})


def test_bars_that_failed_come_when_the_server_answers_again(terminal: Terminal) -> None:
    page = terminal.page
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    page.route("**/datafeed/bars*", refuse_once)
    terminal.open()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    expect(page.locator("#chart-message")).to_be_hidden()
    assert ["ERR_FAILED" in error for error in terminal.take_errors()] == [True]


def test_bars_are_asked_for_while_the_chart_library_is_loaded(terminal: Terminal) -> None:
    page = terminal.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(CHART_LIBRARY, hold)
    with page.expect_response("**/datafeed/bars*"):
        terminal.open()
    expect(page.locator("#chart-legend")).to_be_empty()
    held[0].continue_()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")


def test_market_time_is_the_servers_and_the_status_is_said_once_in_each_panel(
    elsewhere: Terminal, other_market: ServerProcess
) -> None:
    elsewhere.open()
    page = elsewhere.page
    expect(page.locator("#market-time")).to_have_text(re.compile(r"2027-06-01 19:\d\d:\d\d UTC"))
    expect(page.locator("#market-speed")).to_have_text("×10")
    expect(page.locator("#market-status")).to_have_text("Open until 20:00")
    expect(page.locator("#chart-status")).to_be_hidden()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    asked = page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
    newest = [int(found[1]) for url in asked if (found := re.search(r"bars.*to_time=(\d+)", url))]
    assert min(newest) > MAY_2027_S

    other_market.call("/datafeed/scenarios", {"kind": "halt", "symbol": "AAPL"})
    for panel in ("market", "chart", "depth", "ticket"):
        expect(page.locator(f"#{panel}-status")).to_have_text(re.compile(r"^Halted since 19:\d\d$"))
    expect(page.locator("[data-symbol=AAPL] .description")).to_have_text(re.compile("^Halted"))


def test_orders_beyond_the_visible_prices_are_counted_at_the_edge_and_fit_on_request(
    terminal: Terminal, server: ServerProcess
) -> None:
    for price in (150, 160):
        server.call("/broker/orders", {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, "limitPrice": price})
    terminal.open()
    page = terminal.page
    below = page.locator("#chart-below")
    expect(below).to_have_text("▼ 2 below: 150.00 to 160.00")
    expect(page.locator("#chart-above")).to_be_hidden()
    assert bid(page) > 160
    below.click()
    expect(below).to_be_hidden()
