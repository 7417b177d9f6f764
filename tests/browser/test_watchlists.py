"""Several watchlists, and rows that the trader puts in order."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Terminal

pytestmark = pytest.mark.browser


def test_watchlists_have_sparklines_and_are_chosen_ordered_and_kept(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    first = page.locator("#quotes tr").first
    choice = page.get_by_label("List of symbols")
    expect(first).to_have_attribute("data-symbol", "AAPL")
    symbol = first.locator("button.symbol")
    place = symbol.bounding_box()
    expect(first.get_by_role("img", name=re.compile(r"AAPL today: [\d.]+ to [\d.]+"))).to_be_visible()
    assert symbol.bounding_box() == place
    first.locator("button.symbol").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#quotes tr").nth(1)).to_have_attribute("data-symbol", "AAPL")

    choice.select_option("New list …")
    page.get_by_label("Name of the list").fill("Coins")
    page.get_by_role("button", name="Create").click()
    expect(page.locator("#quotes tr")).to_have_count(0)
    page.locator("#search").fill("BTCUSD")
    page.get_by_role("option", name="BTCUSD").click()
    expect(first).to_have_attribute("data-symbol", "BTCUSD")

    terminal.open()
    expect(choice).to_have_value("Coins")
    expect(page.locator("#quotes tr")).to_have_count(1)
    choice.select_option("Remove Coins")
    expect(page.locator("#quotes tr").nth(1)).to_have_attribute("data-symbol", "AAPL")
