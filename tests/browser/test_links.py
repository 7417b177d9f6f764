"""The address names symbol and resolution; the help panel has the documents and the theme."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screenshot, Terminal
from tests.browser.test_accessibility import serious_findings

pytestmark = pytest.mark.browser

BACKGROUND = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
DARK, LIGHT = "rgb(16, 21, 27)", "rgb(255, 255, 255)"


def test_a_link_opens_symbol_and_resolution_and_the_address_follows_both(terminal: Terminal) -> None:
    terminal.open("#MSFT/15")
    page = terminal.page
    expect(page.locator("#chart-symbol")).to_have_text("MSFT")
    expect(page.get_by_role("radio", name="15m")).to_be_checked()
    page.locator("[data-symbol=AAPL]").click()
    page.locator("#chart-resolutions label", has_text="1h").click()
    expect(page).to_have_url(re.compile("#AAPL/60$"))
    page.evaluate("location.hash = '#eurusd/5'")
    expect(page.locator("#chart-symbol")).to_have_text("EURUSD")
    expect(page.get_by_role("radio", name="5m", exact=True)).to_be_checked()
    page.evaluate("location.hash = '#NOTHING/5'")
    expect(page.locator(".toast", has_text="NOTHING of the link is not known")).to_be_visible()
    expect(page).to_have_url(re.compile("#EURUSD/5$"))
    page.evaluate("location.hash = '#EURUSD/7'")
    expect(page.locator(".toast", has_text='Bars of "7" are not offered')).to_be_visible()
    expect(page).to_have_url(re.compile("#EURUSD/1$"))
    assert ["404" in error for error in terminal.take_errors()] == [True]


def test_help_has_documents_and_a_theme_that_is_kept(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    assert page.evaluate(BACKGROUND) == DARK
    page.get_by_role("button", name="Help and theme").click()
    screenshot("help")
    for link in page.locator("#help a").all():
        assert page.request.get(terminal.address + "/" + str(link.get_attribute("href")).lstrip("/")).ok
    page.locator("#help").get_by_text("Light", exact=True).click()
    assert page.evaluate(BACKGROUND) == LIGHT
    assert serious_findings(page) == []
    page.reload()
    page.locator("body.ready").wait_for()
    assert page.evaluate(BACKGROUND) == LIGHT
    page.get_by_role("button", name="Help and theme").click()
    page.locator("#help").get_by_text("System", exact=True).click()
    assert page.evaluate(BACKGROUND) == DARK
