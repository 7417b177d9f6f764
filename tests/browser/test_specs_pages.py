"""The pages of the specs, read and searched in a real browser, under their own policy."""

import pytest

from tests.browser.conftest import Terminal

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "word", "entry"), [("docs", "flip brackets", None), ("docs", "modifyorder", "modifyOrder")]
)
def test_the_filter_finds_an_operation(terminal: Terminal, path: str, word: str, entry: str | None) -> None:
    page = terminal.page
    page.goto(f"{terminal.address}/api/v1/{path}")
    page.get_by_label("Filter").fill(word)
    shown = page.locator("article.entry:visible")
    if entry is None:
        assert shown.count() == 0
    else:
        assert entry in [shown.nth(at).get_attribute("id") for at in range(shown.count())]
        assert shown.count() < 5
    page.get_by_label("Filter").fill("")
    assert shown.count() > 50


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
