"""Indicators, types, scales, zones, comparison and drawings of the chart: shown, and kept over a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screenshot, Terminal
from tests.browser.test_accessibility import serious_findings

pytestmark = pytest.mark.browser

STUDIES = re.compile(
    r"SMA 30  [\d.]+.*VWAP  [\d.]+.*Volume profile 30  [\d.]+ \([\d.]+ to [\d.]+\).*RSI 14  [\d.]+.*MACD 12 26 9"
)
"""Values of the indicators over the chart."""


def test_indicators_and_looks_of_the_chart_are_shown_and_kept(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    expect(page.locator("#chart-countdown")).to_have_text(re.compile(r"^0:\d\d$"))
    page.get_by_role("button", name="Indicators").click()
    for name in ("SMA", "EMA", "Bollinger", "VWAP", "Volume profile", "RSI", "MACD"):
        page.locator("#chart-indicators").get_by_label(name, exact=True).check()
    page.get_by_label("SMA length").fill("30")
    page.keyboard.press("Tab")
    assert serious_findings(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="View of the chart").click()
    view = page.locator("#chart-view")
    for kind in ("hollow", "bars", "line", "area", "heikin"):
        view.get_by_label("Type").select_option(kind)
    view.get_by_label("Scale").select_option("log")
    view.get_by_label("Time zone").select_option("Asia/Tokyo")
    assert serious_findings(page) == []
    studies = page.locator("#chart-studies")
    for _ in range(2):
        expect(page.locator("#chart-legend")).to_contain_text("Tokyo")
        expect(studies).to_contain_text(STUDIES)
        screenshot("chart-looks")
        page.reload()
    expect(view.get_by_label("Type")).to_have_value("heikin")


def test_another_symbol_is_compared_and_an_unknown_one_is_refused(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    page.get_by_role("button", name="View of the chart").click()
    compared = page.get_by_label("Compare with")
    with page.expect_response(re.compile("bars.*symbol=MSFT")):
        compared.fill("msft")
        compared.press("Enter")
    compared.fill("nothing")
    compared.press("Enter")
    expect(page.locator("#compare-error")).to_contain_text("NOTHING")
    assert ["404" in error for error in terminal.take_errors()] == [True]


def test_drawings_are_kept_for_their_symbol(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    line = page.locator(".line-tag", has_text="Line")
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    for kind in ("Horizontal line", "Trend line"):
        page.locator("#chart-plus").focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.get_by_role("menuitem", name=kind).press("Enter")
    end = page.get_by_role("button", name="End of trend line 2")
    expect(end).to_be_focused()
    page.keyboard.press("Shift+ArrowUp")
    handle = line.get_by_role("slider")
    before = handle.get_attribute("aria-valuetext")
    handle.press("ArrowUp")
    handle.press("Enter")
    expect(handle).not_to_have_attribute("aria-valuetext", str(before))
    screenshot("chart-drawings")
    page.reload()
    expect(line).to_be_visible()
    page.locator("[data-symbol=MSFT]").click()
    expect(line).to_have_count(0)
    expect(end).to_have_count(0)
    page.locator("[data-symbol=AAPL]").click()
    end.press("Delete")
    line.get_by_role("button", name="Delete").click()
    expect(line).to_have_count(0)
