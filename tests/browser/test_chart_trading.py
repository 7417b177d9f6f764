"""Trading on the chart: orders at a price, lines that are moved and canceled, brackets pulled out of a position."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screenshot, ServerProcess, Terminal
from tests.browser.hands import bid, cell, drag, row, show_tab, tag

pytestmark = pytest.mark.browser


def confirm(page: Page, form: str, button: str) -> str:
    """Confirm the form at the line and return the price that it had."""
    element = page.get_by_role("form", name=form)
    price = element.get_by_label("price").or_(element.get_by_label("Take profit")).input_value()
    element.get_by_role("button", name=button).click()
    expect(element).to_have_count(0)
    return price


def above(page: Page, title: str) -> tuple[float, float]:
    """A place in the middle of the chart, above a line."""
    chart = page.locator("#chart-overlay").bounding_box()
    line = tag(page, title).bounding_box()
    assert chart is not None
    assert line is not None
    return chart["x"] + chart["width"] / 2, line["y"] - 40


def test_order_is_placed_at_a_price_moved_and_canceled_on_the_chart(terminal: Terminal, server: ServerProcess) -> None:
    server.call("/broker/orders", {"symbol": "AAPL", "type": 1, "side": 1, "qty": 1, "limitPrice": 150})
    terminal.open()
    page = terminal.page
    page.locator("#chart-below").click()
    expect(tag(page, "Buy 1 limit")).to_be_visible()
    page.mouse.click(*above(page, "Buy 1 limit"), button="right")
    page.get_by_role("menuitem", name="Buy limit").click()
    placed = confirm(page, "Buy limit AAPL", "Buy")
    assert 150 < float(placed) < bid(page)
    show_tab(page, "orders")
    expect(row(page, "orders", placed)).to_have_count(1)

    drag(page, tag(page, "Buy 1 limit").first.locator(".line-handle"), 30)
    moved = confirm(page, "Move Buy 1 limit", "Move")
    expect(page.locator("#orders tbody td[data-title=Limit]", has_text=moved)).to_have_count(1)
    assert float(moved) > 150

    tag(page, "Buy 1 limit").first.get_by_role("button", name="Cancel").click()
    expect(tag(page, "Buy 1 limit")).to_have_count(1)


def test_bracket_is_pulled_out_of_a_position_and_moved_with_the_keyboard(
    terminal: Terminal, server: ServerProcess, screenshot: Screenshot
) -> None:
    server.call("/broker/orders", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10})
    terminal.open()
    page = terminal.page
    drag(page, tag(page, "Long 10").get_by_role("button", name="Take profit"), 60)
    price = confirm(page, "Take profit of the position", "Set")
    expect(cell(row(page, "positions", "AAPL"), "Take profit")).to_have_text(price)

    handle = page.get_by_role("slider", name="Price of Take profit 10")
    above = page.locator("#chart-above:visible")
    expect(handle.or_(above).first).to_be_visible()
    if above.is_visible():  # The market is so near to the upper edge that the line is beyond it.
        above.click()
    handle.press("ArrowUp")
    screenshot("chart-trading")
    handle.press("Escape")
    expect(handle).to_have_attribute("aria-valuetext", price)
    handle.press("Shift+ArrowUp")
    handle.press("Enter")
    page.keyboard.press("Enter")
    expect(cell(row(page, "positions", "AAPL"), "Take profit")).to_have_text(f"{float(price) + 0.1:.2f}")


def test_order_is_placed_with_the_keyboard_alone(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    page.locator("#chart-plus").focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu").get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Buy limit AAPL").get_by_label("Quantity")).to_be_focused()
    page.keyboard.press("Enter")
    expect(tag(page, "Buy 1 limit")).to_be_visible()
