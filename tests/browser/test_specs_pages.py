"""The pages of the specs, read and searched in a real browser, under their own policy."""

import pytest

from tests.browser.conftest import Terminal

pytestmark = pytest.mark.browser


def test_filter_finds_an_operation_or_nothing(terminal: Terminal) -> None:
    page = terminal.page
    page.goto(f"{terminal.address}/api/v1/docs")
    entries = page.locator("article.entry")
    page.get_by_label("Filter").fill("modifyorder")
    found = entries.filter(visible=True).evaluate_all("(entries) => entries.map(({ id }) => id)")
    assert "modifyOrder" in found
    assert len(found) < 5
    page.get_by_label("Filter").fill("flip brackets")
    assert entries.filter(visible=True).count() == 0
    page.get_by_label("Filter").fill("")
    assert entries.filter(visible=True).count() > 50


def test_the_stream_is_shown_and_linked(terminal: Terminal) -> None:
    page = terminal.page
    page.goto(f"{terminal.address}/api/v1/docs")
    page.get_by_role("link", name="The stream").click()
    page.get_by_role("heading", name="orders.update").wait_for()
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="orders.update").click()
    assert page.url.endswith("#ordersUpdate")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(18, 22, 28)", "the style sheet is there, and dark as the reader asked for"
    page.get_by_role("link", name="REST").click()
    page.get_by_role("heading", name="POST /api/v1/broker/orders", exact=True).wait_for()
