"""What happened and why: explanations, results, history by day and CSV files, on one page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screenshot, ServerProcess, Terminal
from tests.browser.hands import MARKET, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

TOO_MANY = "900000"


def figure(page: Page, title: str) -> str:
    """A figure of the results."""
    return page.locator("#results .figures div", has_text=title).locator("dd").inner_text()


def saved(page: Page, button: str) -> list[str]:
    """Save records as CSV, and return the lines of the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text().splitlines()


def trade(page: Page) -> None:
    """Open and close a position, and send an order that is rejected."""
    fill_ticket(page, "Buy", MARKET, "10")
    expect(page.locator("#count-positions")).to_have_text("1")
    fill_ticket(page, "Sell", MARKET, "10")
    expect(page.locator("#count-positions")).to_have_text("")
    fill_ticket(page, "Buy", MARKET, TOO_MANY)


def test_records_explain_sum_up_and_are_saved(
    terminal: Terminal, server: ServerProcess, screenshot: Screenshot
) -> None:
    terminal.open()
    page = terminal.page
    trade(page)
    show_tab(page, "executions")
    expect(row(page, "executions", "AAPL")).to_have_count(2)
    row(page, "executions", "Buy").get_by_role("button", name="Why").click()
    explanation = page.locator("#executions .explanation")
    expect(explanation).to_contain_text("Bought 10 AAPL at")
    for name in ("Bid and ask", "Level of the book", "Slippage", "Free margin before"):
        expect(explanation).to_contain_text(name)
    row(page, "executions", "Buy").get_by_role("button", name="Why").click()
    expect(explanation).to_have_count(0)

    show_tab(page, "history")
    row(page, "history", "Rejected").get_by_role("button", name="Why").click()
    expect(page.locator("#history .explanation")).to_contain_text("no more margin than is free")
    page.get_by_label("Day (UTC)").fill("2020-01-01")
    expect(page.get_by_text("No orders have been completed yet.")).to_be_visible()

    show_tab(page, "results")
    executions = server.call("/broker/executions")
    expect(row(page, "results", "AAPL")).to_have_count(1)
    net = sum(one["netAmount"] for one in executions)
    assert float(figure(page, "Net result").replace("−", "-")) == pytest.approx(net, abs=0.006)
    assert figure(page, "Closed trades") == "1"
    expect(page.get_by_role("img", name="Equity from")).to_be_visible()
    screenshot("results")

    assert [line.split(",")[0] for line in saved(page, "Save executions as CSV")[1:]] == [
        one["id"] for one in executions
    ]
    assert "INSUFFICIENT_MARGIN" in saved(page, "Save orders as CSV")[3]
    assert saved(page, "Save equity as CSV")[0] == "time,equity"


def test_server_without_control_offers_scenarios_and_a_halt_is_begun_and_ended(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    show_tab(page, "control")
    expect(page.get_by_role("region", name="Clock")).to_have_count(0)
    expect(page.get_by_role("region", name="Faults")).to_have_count(0)
    page.get_by_label("Scenario", exact=True).select_option("Halt trading")
    page.get_by_role("button", name="Begin", exact=True).click()
    halt = row(page, "control", "Halt")
    expect(halt).to_contain_text("active")
    expect(page.locator("#chart-status")).to_contain_text("Halted")
    halt.get_by_role("button", name="End").click()
    expect(halt).to_contain_text("over")
