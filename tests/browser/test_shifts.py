"""Nothing moves under the pointer or the typing hand: the page's head without a connection, and a form below a row."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ServerProcess, Terminal
from tests.browser.hands import row, show_tab

pytestmark = pytest.mark.browser

SIZES = [(1440, 900), (1024, 768), (830, 800), (390, 844)]
HEAD = """
() => [...document.querySelectorAll(".topbar > :not(.lost), .topbar .badge")].map((element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left, top, width, height];
})
"""
SENT = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, "limitPrice": 100}


def heads(page: Page) -> list[Any]:
    """The boxes of the page's head at each size."""
    boxes = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        boxes.append(page.evaluate(HEAD))
    return boxes


def tops(page: Page) -> list[float]:
    """Where the rows of the working orders begin."""
    found: list[float] = page.locator("#orders tbody tr").evaluate_all(
        "(rows) => rows.map((row) => row.getBoundingClientRect().top)"
    )
    return found


def test_head_keeps_its_places_while_the_connection_is_lost(
    mortal_terminal: Terminal, mortal_server: ServerProcess
) -> None:
    mortal_terminal.open()
    page = mortal_terminal.page
    expect(page.locator("#badge-broker")).to_have_attribute("data-state", "good")
    connected = heads(page)
    mortal_server.kill()
    expect(page.locator("#lost")).to_have_text(re.compile("(Connecting|Retry in).*Try now"))
    assert heads(page) == connected
    mortal_server.start()
    expect(page.locator("#lost")).to_be_hidden()
    mortal_terminal.take_errors()


def test_error_below_a_row_moves_no_row(terminal: Terminal, server: ServerProcess) -> None:
    for _ in range(3):
        server.call("/broker/orders", SENT)
    terminal.open()
    page = terminal.page
    show_tab(page, "orders")
    row(page, "orders", "AAPL").first.get_by_role("button", name=re.compile("Modify")).click()
    form = page.get_by_role("form", name=re.compile("Modify"))
    before = tops(page)
    assert len(before) == 4
    form.get_by_label("Quantity").fill("nothing")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_have_text("Enter a number.")
    assert tops(page) == before
