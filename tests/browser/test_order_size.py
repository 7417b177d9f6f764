"""The size of an order: its unit, steps and memory, the confirmation, and the list of keys."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screenshot, ServerProcess, Terminal
from tests.browser.hands import confirm

pytestmark = pytest.mark.browser


def test_size_follows_its_unit_and_is_kept_for_each_symbol(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    size, unit, submit = (
        page.locator("#ticket-qty"),
        page.get_by_label("Unit of the size"),
        page.locator("#ticket-submit"),
    )
    page.get_by_role("button", name="More").click()
    expect(submit).to_have_text("Buy 2 AAPL")
    page.locator("#ticket-types label").get_by_text("Limit", exact=True).click()
    page.locator("#ticket-limit").fill("100.00")
    size.fill("5050")
    unit.select_option("Money")
    expect(submit).to_have_text("Buy 50 AAPL")
    size.fill("1")
    unit.select_option("% risk")
    submit.click()
    expect(page.locator("#ticket-qty-error")).to_contain_text("Enter a stop loss")
    page.locator("#ticket-protect").fill("98.00")
    expect(submit).to_have_text("Buy 500 AAPL")
    screenshot("order-size")

    page.locator("[data-symbol=MSFT]").click()
    unit.select_option("Units")
    size.fill("7")
    page.locator("[data-symbol=AAPL]").click()
    expect(unit).to_have_value("risk")
    page.locator("[data-symbol=MSFT]").click()
    expect(submit).to_have_text("Buy 7 MSFT")


def test_order_is_confirmed_where_the_trader_wants_it(terminal: Terminal, server: ServerProcess) -> None:
    terminal.open()
    page = terminal.page
    submit = page.locator("#ticket-submit")
    page.locator("#ticket-types label").get_by_text("Limit", exact=True).click()
    page.locator("#ticket-limit").fill("100.00")
    page.get_by_label("Confirm").check()
    submit.click()
    expect(page.get_by_role("dialog")).to_contain_text("Buy 1 AAPL, limit. Limit price 100.00.")
    confirm(page, "Send this order?", "Back")
    assert server.call("/broker/orders") == []
    submit.click()
    confirm(page, "Send this order?", "Buy 1 AAPL")
    expect(page.locator("#count-orders")).to_have_text("1")

    page.locator("#ticket-title").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Search a symbol")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
