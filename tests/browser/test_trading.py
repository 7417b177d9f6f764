"""Everything a trader can do with an order, a position and an account, in a real browser against the real server."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screenshot, ServerProcess, Terminal
from tests.browser.hands import LIMIT, MARKET, bid, cell, confirm, fill_ticket, row, save, show_tab

pytestmark = pytest.mark.browser


def test_brackets_of_an_order_follow_the_position_to_its_end(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    now = bid(page)
    profit, other_profit, stop = f"{now * 1.1:.2f}", f"{now * 1.2:.2f}", f"{now * 0.9:.2f}"
    fill_ticket(page, "Buy", MARKET, "10", take_profit=profit, protect=stop)
    position = row(page, "positions", "AAPL")
    expect(cell(position, "Take profit")).to_have_text(profit)
    expect(cell(position, "Stop")).to_have_text(stop)
    show_tab(page, "orders")
    expect(cell(row(page, "orders", "Take profit"), "Limit")).to_have_text(profit)
    expect(cell(row(page, "orders", "Stop loss"), "Status")).to_have_text("Working")

    show_tab(page, "positions")
    position.get_by_role("button", name="brackets").click()
    screenshot("brackets")
    save(page, "Brackets of AAPL position", "Save", Take_profit=other_profit, Stop_loss="")
    expect(cell(position, "Take profit")).to_have_text(other_profit)
    expect(cell(position, "Stop")).to_have_text("–")
    show_tab(page, "orders")
    expect(row(page, "orders", "Stop loss")).to_have_count(0)

    row(page, "orders", "Take profit").get_by_role("button", name="Modify").click()
    save(page, "Modify order", "Save", Limit_price=profit)
    show_tab(page, "positions")
    expect(cell(position, "Take profit")).to_have_text(profit)
    position.get_by_role("button", name="Close").click()
    save(page, "Close AAPL position", "Close at market")
    expect(position).to_have_count(0)
    expect(page.locator("#count-orders")).to_have_text("")


def test_preview_follows_the_ticket_and_a_trailing_stop_rests_behind_the_market(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    preview = page.locator("#ticket-preview")
    expect(preview).to_contain_text(re.compile(r"Margin\d+\.\d\d"))
    page.locator("#ticket-qty").fill("100000")
    expect(page.locator("#ticket-warnings .error")).to_contain_text("Not enough margin")
    expect(page.locator("#ticket-warnings")).to_contain_text("displayed at the best price")
    page.locator("#ticket-qty").fill("10")
    page.locator("#ticket-protect").fill(f"{bid(page) * 0.9:.2f}")
    expect(preview).to_contain_text(re.compile(r"Loss at stop\d+\.\d\d"))
    expect(page.locator("#ticket-warnings")).not_to_contain_text("displayed at the best price")
    expect(page.locator("#ticket-warnings .error")).to_have_count(0)

    page.locator("#ticket-stop-kind").select_option(label="Trail (pips)")
    fill_ticket(page, "Buy", MARKET, "1", protect="500")
    expect(cell(row(page, "positions", "AAPL"), "Stop")).to_have_text("500 pips")
    show_tab(page, "orders")
    expect(cell(row(page, "orders", "Trailing stop"), "Stop")).to_have_text(re.compile(r"\d+\.\d\d"))


def test_durations_and_flags_are_those_of_the_order(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    price = f"{bid(page) * 0.9:.2f}"
    page.locator("#ticket-types label").get_by_text(LIMIT, exact=True).click()
    page.locator("#ticket-duration").select_option("GTD")
    page.locator("#ticket-submit").click()
    expect(page.locator("#ticket-duration-error")).to_have_text("Enter a date and time.")
    page.locator("#ticket-until").fill("2099-12-31T12:00")
    page.get_by_label("Post only").check()
    fill_ticket(page, "Buy", LIMIT, "1", price)
    show_tab(page, "orders")
    expect(cell(row(page, "orders", "AAPL"), "Duration")).to_have_text("2099-12-31 12:00:00")

    page.locator("#ticket-duration").select_option("GTC")
    fill_ticket(page, "Buy", LIMIT, "1", f"{bid(page) * 1.1:.2f}")
    expect(page.locator(".toast", has_text="Order rejected")).to_contain_text("post-only")
    page.get_by_label("Reduce only").check()
    fill_ticket(page, "Sell", MARKET, "1")
    expect(page.locator(".toast", has_text="to reduce")).to_be_visible()


def test_position_is_reversed_and_all_positions_and_orders_end_at_once(
    terminal: Terminal, server: ServerProcess
) -> None:
    terminal.open()
    page = terminal.page
    fill_ticket(page, "Buy", MARKET, "4")
    position = row(page, "positions", "AAPL")
    position.get_by_role("button", name="Reverse").click()
    save(page, "Reverse AAPL position", "Sell 8 at market")
    expect(cell(position, "Side")).to_have_text("Short")
    expect(cell(position, "Qty")).to_have_text("4")
    server.call("/broker/orders", {"symbol": "MSFT", "type": 2, "side": 1, "qty": 1})
    expect(row(page, "positions", "MSFT")).to_be_visible()
    page.get_by_role("button", name="Close all").click()
    confirm(page, "Close all positions?", "Back")
    expect(page.locator("#count-positions")).to_have_text("2")
    page.get_by_role("button", name="Close all").click()
    confirm(page, "Close all positions?", "Close 2 positions")
    expect(page.locator("#positions .empty")).to_be_visible()

    show_tab(page, "orders")
    for symbol, price in (("AAPL", 100), ("MSFT", 200), ("MSFT", 201)):
        server.call("/broker/orders", {"symbol": symbol, "type": 1, "side": 1, "qty": 1, "limitPrice": price})
    expect(page.locator("#count-orders")).to_have_text("3")
    page.get_by_role("button", name="Cancel all").click()
    confirm(page, "Cancel all orders?", "Cancel 3 orders")
    expect(page.locator("#orders .empty")).to_be_visible()


def test_accounts_are_created_switched_and_reset_and_a_margin_call_stays_in_sight(
    terminal: Terminal, screenshot: Screenshot
) -> None:
    terminal.open()
    page = terminal.page
    fill_ticket(page, "Buy", MARKET, "2")
    expect(page.locator("#count-positions")).to_have_text("1")
    show_tab(page, "account")
    page.get_by_role("button", name="New account").click()
    screenshot("new-account")
    save(page, "New account", "Create and use", Name="Second", Balance="5000")
    expect(page.locator("#account [data-figure=balance]")).to_have_text("5,000.00")
    expect(page.locator("#count-positions")).to_have_text("")
    fill_ticket(page, "Buy", MARKET, "3")
    show_tab(page, "positions")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("3")

    show_tab(page, "account")
    page.get_by_role("button", name="Reset account").click()
    save(page, "Reset account", "start anew", Balance="7000")
    expect(page.locator("#account [data-figure=balance]")).to_have_text("7,000.00")
    expect(page.locator("#count-positions")).to_have_text("")
    page.locator("#account-switch").select_option("DEMO-ACCOUNT")
    show_tab(page, "positions")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("2")
    expect(page.locator("#summary [data-figure=balance]")).to_have_text("100,000.00")

    # Enough for the margin of 200 shares, not for the spread on top of it.
    balance = f"{(bid(page) + 0.02) * 20 + 2.5:.2f}"
    show_tab(page, "account")
    page.get_by_role("button", name="New account").click()
    save(page, "New account", "Create and use", Name="Small", Balance=balance)
    fill_ticket(page, "Buy", MARKET, "200")
    expect(page.locator(".toast.error", has_text="Margin call").first).to_be_visible()
    show_tab(page, "log")
    # The market moves on: equity may cross the line again meanwhile, and is told again.
    expect(row(page, "log", "Margin call").first).to_be_visible()


def test_individual_positions_of_a_hedging_account_are_shown_bracketed_and_closed(
    terminal: Terminal, server: ServerProcess, screenshot: Screenshot
) -> None:
    account = server.call("/broker/accounts", {"name": "Hedging", "balance": 50000, "profile": {"hedging": True}})["id"]
    terminal.open()
    page = terminal.page
    page.locator("#account-switch").select_option(account)
    expect(page.locator("#summary [data-figure=equity]")).to_have_text("50,000.00")
    now = bid(page)
    fill_ticket(page, "Buy", MARKET, "10")
    rows = page.locator("#positions tbody tr:not(.detail)")
    expect(cell(rows, "Symbol")).to_have_text(["AAPL", "↳ AAPL"])
    fill_ticket(page, "Sell", MARKET, "4")
    expect(cell(rows, "Qty")).to_have_text(["6", "10", "4"])
    expect(cell(rows, "Side")).to_have_text(["Long", "Long", "Short"])
    expect(rows.nth(0).get_by_role("button", name="brackets")).to_have_count(0)
    expect(page.locator(".line-tag", has_text="Long 6")).to_be_visible()
    expect(page.locator(".line-tag .line-pull")).to_have_count(0)

    stop = f"{now * 0.9:.2f}"
    rows.nth(1).get_by_role("button", name="brackets").click()
    save(page, "Brackets of AAPL POSITION", "Save", Stop_loss=stop)
    expect(cell(rows.nth(1), "Stop")).to_have_text(stop)
    screenshot("hedging")
    page.reload()
    expect(cell(rows, "Qty")).to_have_text(["6", "10", "4"])
    rows.nth(2).get_by_role("button", name="Close").click()
    save(page, "Close AAPL POSITION", "Close at market")
    expect(cell(rows, "Qty")).to_have_text(["10", "10"])
    fill_ticket(page, "Sell", MARKET, "10")
    expect(cell(rows, "Symbol")).to_have_text(["↳ AAPL", "↳ AAPL"])
    page.get_by_role("button", name="Close all").click()
    confirm(page, "Close all positions?", "Close 2 positions")
    expect(page.locator("#positions .empty")).to_be_visible()
