"""The desk at every size: kept settings, safe proposals, confirmations, nothing that moves or is cut off."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import ServerProcess, Terminal, terminal_of
from tests.browser.hands import LIMIT, STOP, bid, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "engine/market/instruments.json"
STOP_LIMIT = "Stop limit"
SIZES = ((1280, 720), (1024, 768), (830, 900))

CUT_OFF = """() => [
  ...document.querySelectorAll("#positions td:not(.narrowed), #quotes .two span, #summary dd, .actions button"),
  ...document.querySelectorAll("#chart-symbol, .chart-tools > button"),
].filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    const panel = element.closest(".panel")?.getBoundingClientRect() ?? { left: 0, right: innerWidth };
    return left < panel.left || right > panel.right || element.scrollWidth > element.clientWidth + 1;
  }).map((element) => element.textContent)"""
"""Cells, figures and buttons whose text does not fit."""

ROWS_IN_VIEW = """() => {
  const { top, bottom } = document.getElementById("watchlist-body").getBoundingClientRect();
  const head = document.getElementById("quotes-head").getBoundingClientRect().bottom;
  return [...document.querySelectorAll("#quotes tr")].map((row) => row.getBoundingClientRect())
    .filter((row) => row.top >= Math.max(top, head) - 1 && row.bottom <= bottom + 1).length;
}"""


def choose_type(page: Page, kind: str) -> None:
    """Choose the type of the order in the ticket."""
    page.locator("#ticket-types label").get_by_text(kind, exact=True).click()


def price_in(page: Page, field: str) -> float:
    """The price in a field of the ticket."""
    expect(page.locator(field)).to_have_value(re.compile(r"\d"))
    return float(page.locator(field).input_value())


def tops(page: Page) -> list[float]:
    """Where the rows of the working orders begin."""
    found: list[float] = page.locator("#orders tbody tr").evaluate_all(
        "(rows) => rows.map((row) => row.getBoundingClientRect().top)"
    )
    return found


def test_settings_and_account_are_kept_over_a_reload_and_not_shared_with_the_demo(
    terminal: Terminal, server: ServerProcess
) -> None:
    account = server.call("/broker/accounts", {"name": "Kept", "balance": 7000})["id"]
    terminal.open()
    page = terminal.page
    page.locator("[data-symbol=MSFT]").click()
    page.locator("#chart-resolutions label").get_by_text("15m").click()
    choose_type(page, LIMIT)
    page.locator("#ticket-qty").fill("25")
    page.locator("#border-side").focus()
    page.keyboard.press("ArrowLeft")
    width = page.locator("#side-column").bounding_box()
    page.locator("#account-switch").select_option(account)
    expect(page.locator("#summary [data-figure=equity]")).to_have_text("7,000.00")
    terminal.open()
    expect(page.locator("#account-switch")).to_have_value(account)
    expect(page.locator("#summary [data-figure=equity]")).to_have_text("7,000.00")
    expect(page.locator("#chart-symbol")).to_have_text("MSFT")
    expect(page.locator("#chart-resolutions label", has_text="15m").locator("input")).to_be_checked()
    expect(page.locator("#ticket-submit")).to_have_text("Buy 25 MSFT")
    expect(page.locator("#ticket-limit")).to_be_visible()
    assert page.locator("#side-column").bounding_box() == width

    page.evaluate("localStorage.setItem('trading-pro.account', '\"GONE\"')")
    page.evaluate("localStorage.setItem('trading-pro.symbol', '\"NOSUCH\"')")
    terminal.open()
    expect(page.locator(".toast", has_text="GONE is not known")).to_be_visible()
    expect(page.locator(".toast", has_text="NOSUCH is not known")).to_be_visible()
    expect(page.locator("#chart-symbol")).to_have_text("AAPL")
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    terminal.open("?offline=1")
    expect(page.locator("#chart-symbol")).to_have_text("AAPL")
    expect(page.locator("#ticket-submit")).to_have_text("Buy 1 AAPL")


def test_nothing_can_be_used_before_it_works(terminal: Terminal) -> None:
    page = terminal.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/broker/accounts", hold)
    with page.expect_request("**/broker/accounts"):
        page.goto(terminal.address)
    desk = page.locator("main.desk")
    expect(desk).to_have_attribute("inert", "")
    expect(page.locator("body.ready")).to_have_count(0)
    held[0].continue_()
    page.locator("body.ready").wait_for()
    expect(desk).not_to_have_attribute("inert", "")


def test_proposed_prices_rest_follow_the_side_and_are_cleared_after_sending(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    choose_type(page, STOP_LIMIT)
    now = bid(page)
    stop, limit = price_in(page, "#ticket-stop"), price_in(page, "#ticket-limit")
    assert now < stop < limit
    page.locator("label.side.sell").click()
    assert now > price_in(page, "#ticket-stop") > price_in(page, "#ticket-limit")
    page.locator("#ticket-submit").click()
    expect(page.locator(".toast", has_text="Order placed")).to_be_visible()

    page.locator("label.side.buy").click()
    choose_type(page, STOP)
    page.locator("#ticket-stop").fill(f"{now * 1.1:.2f}")
    page.locator("#ticket-take-profit").fill(f"{now * 1.2:.2f}")
    page.locator("#ticket-submit").click()
    expect(page.locator("#ticket-take-profit")).to_have_value("")
    expect(page.locator("#ticket-stop")).not_to_have_value(f"{now * 1.1:.2f}")
    expect(page.locator("#count-positions")).to_have_text("")
    show_tab(page, "orders")
    expect(row(page, "orders", "Working")).to_have_count(2)

    page.locator("#ticket-qty").fill("-5")
    expect(page.locator("#ticket-submit")).to_have_text("Buy AAPL")
    page.locator("#ticket-submit").click()
    expect(page.locator("#ticket-qty-error")).to_have_text("Quantity must be above zero.")


@pytest.mark.parametrize("terminal", [{"viewport": {"width": 1280, "height": 720}}], indirect=True)
def test_nothing_is_cut_off_at_any_size_and_a_phone_undoes_an_order(terminal: Terminal, server: ServerProcess) -> None:
    for symbol, qty in (("AAPL", 100), ("BTCUSD", 1), ("EURUSD", 5000)):
        server.call("/broker/orders", {"symbol": symbol, "type": 2, "side": 1, "qty": qty})
    terminal.open()
    page = terminal.page
    expect(cell(row(page, "positions", "BTCUSD"), "P/L")).to_have_text(re.compile(r"\d"))
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("#chart-legend")).to_contain_text("Vol")
        assert page.evaluate(CUT_OFF) == [], width
        assert page.evaluate(ROWS_IN_VIEW) >= 2, width
        expect(page.locator("#ticket-submit")).to_be_in_viewport(ratio=1)
        expect(row(page, "positions", "EURUSD").get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)

    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#sections [data-section=trade]").click()
    fill_ticket(page, "Buy", LIMIT, "5", f"{bid(page) * 0.9:.2f}")
    toast = page.locator(".toast", has_text="Order placed")
    expect(toast).to_contain_text("Buy 5 AAPL limit")
    expect(toast).to_be_in_viewport(ratio=1)
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Order canceled")).to_be_visible()


def test_nothing_moves_under_the_pointer_or_the_typing_hand(terminal: Terminal, server: ServerProcess) -> None:
    resting = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 150}
    newest = [server.call("/broker/orders", resting)["orderId"] for _ in range(2)][-1]
    terminal.open()
    page = terminal.page
    box = page.locator("#ticket-submit").bounding_box()
    page.locator("#ticket-qty").fill("100000")
    expect(page.locator("#ticket-warnings .error")).to_contain_text("Not enough margin")
    page.locator("#ticket-take-profit").fill("1")
    expect(page.locator("#ticket-take-profit-error")).to_be_visible()
    assert page.locator("#ticket-submit").bounding_box() == box

    show_tab(page, "orders")
    pointed = page.locator(f"#orders tbody tr[data-key={newest}]")
    pointed.hover()
    place = pointed.bounding_box()
    server.call("/broker/orders", resting | {"symbol": "MSFT", "limitPrice": 100})
    expect(page.locator("#orders tbody tr")).to_have_count(3)
    assert pointed.bounding_box() == place
    page.locator("#ticket-qty").hover()
    expect(page.locator("#orders tbody tr").first).to_contain_text("MSFT")

    row(page, "orders", "AAPL").first.get_by_role("button", name=re.compile("Modify")).click()
    form = page.get_by_role("form", name=re.compile("Modify"))
    before = tops(page)
    assert len(before) == 4
    form.get_by_label("Quantity").fill("nothing")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_have_text("Enter a number.")
    assert tops(page) == before


def test_tables_sort_choose_the_symbol_and_show_reasons(terminal: Terminal, server: ServerProcess) -> None:
    for symbol, price in (("AAPL", 150), ("MSFT", 100), ("AAPL", 140)):
        server.call("/broker/orders", {"symbol": symbol, "type": 1, "side": 1, "qty": 1, "limitPrice": price})
    server.call("/broker/orders", {"symbol": "GOOGL", "type": 2, "side": 1, "qty": 100_000})
    terminal.open()
    page = terminal.page
    show_tab(page, "orders")
    limits = page.locator("#orders td[data-title=Limit]")
    for expected in (["100.00", "140.00", "150.00"], ["150.00", "140.00", "100.00"]):
        page.locator("#orders").get_by_role("button", name="Limit", exact=True).click()
        expect(limits).to_have_text(expected)
    cell(row(page, "orders", "MSFT"), "Symbol").click()
    expect(page.locator("#chart-symbol")).to_have_text("MSFT")
    show_tab(page, "history")
    rejected = row(page, "history", "Rejected")
    expect(cell(rejected, "Reason")).to_contain_text("Not enough margin")
    expect(cell(rejected, "Updated (UTC)")).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d "))

    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    expect(page.locator("#chart-newest")).to_be_hidden()
    page.locator("#chart-canvas").hover()
    page.mouse.down()
    page.mouse.move(1400, 300, steps=4)
    page.mouse.up()
    page.locator("#chart-newest").click()
    expect(page.locator("#chart-newest")).to_be_hidden()


@pytest.fixture
def many_symbols(browser: Browser, tmp_path: Path) -> Iterator[Terminal]:
    """A fresh page of a server with 300 symbols."""
    catalogue: Any = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    instruments = catalogue["instruments"]
    model = next(one for one in instruments if one["name"] == "AAPL")
    names = [f"S{number:03}" for number in range(300 - len(instruments))]
    instruments += [model | {"name": name, "description": f"Company {name}"} for name in names]
    path = tmp_path / "instruments.json"
    path.write_text(json.dumps(catalogue), encoding="utf-8")
    process = ServerProcess(tmp_path, "--ephemeral", "--instruments", str(path))
    process.start()
    yield from terminal_of(browser, process.address, {})
    process.stop()


def test_three_hundred_symbols_are_paged_sorted_and_searched(many_symbols: Terminal) -> None:
    many_symbols.open()
    page = many_symbols.page
    pager = page.locator("#watchlist .pager")
    expect(pager).to_contain_text("1 to 50 of 300")
    page.keyboard.press("/")
    expect(page.locator("#search-results li")).to_have_count(40)
    page.keyboard.type("S2")
    expect(page.locator("#search-results li").first).to_contain_text("S2")
    page.keyboard.press("Enter")
    expect(pager).to_contain_text("of 300")
    chosen = page.locator("#quotes tr.chosen")
    expect(chosen).to_be_in_viewport(ratio=1)
    page.locator("#quotes-head").get_by_role("button", name="Symbol").click()
    page.locator("#quotes-head").get_by_role("button", name="Symbol").click()
    expect(page.locator("#quotes-head th").first).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("/")
    page.keyboard.type("zzzz")
    expect(page.locator("#search-results")).to_contain_text("No symbol found for “zzzz”.")
