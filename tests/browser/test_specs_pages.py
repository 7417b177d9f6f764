"""The pages of the specs, read and searched in a real browser, under their own policy."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Terminal
from tests.browser.test_accessibility import serious_findings

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


def test_an_operation_is_tried_and_shown_as_a_curl_command(terminal: Terminal) -> None:
    page = terminal.page
    page.goto(f"{terminal.address}/api/v1/docs#placeOrder")
    place = page.locator("#placeOrder")
    expect(place.get_by_role("link", name="Link to placeOrder")).to_have_attribute("href", "#placeOrder")
    place.get_by_text("Try it").click()
    order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 3}
    place.get_by_label("Body").fill(json.dumps(order))
    page.get_by_label("Token").fill("secret")
    command = place.locator(".curl")
    expect(command).to_contain_text("curl -X POST")
    expect(command).to_contain_text('"Authorization: Bearer $TOKEN"')
    expect(command).to_contain_text('{"symbol":"AAPL","type":2,"side":1,"qty":3}')
    page.get_by_label("Token").fill("")
    place.get_by_role("button", name="Send").click()
    expect(place.locator("output")).to_have_text("200 OK")
    expect(place.locator(".answer")).to_contain_text("orderId")
    close = page.locator("#closePosition")
    close.get_by_text("Try it").click()
    expect(close.locator(".curl")).to_contain_text("/api/v1/broker/positions/AAPL")


@pytest.mark.parametrize("terminal", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
@pytest.mark.parametrize("path", ["docs", "ws/asyncapi"])
def test_a_page_on_the_phone_does_not_scroll_sideways(terminal: Terminal, path: str) -> None:
    page = terminal.page
    page.goto(f"{terminal.address}/api/v1/{path}")
    for panel in page.locator("#placeOrder .try, #placeOrder details").all():
        panel.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert serious_findings(page) == []
