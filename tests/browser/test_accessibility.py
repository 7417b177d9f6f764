"""The page for those who do not use a mouse or see little: rules of axe-core, focus order, visible focus."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Terminal
from tests.browser.hands import LIMIT, MARKET, bid, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "static/node_modules/axe-core/axe.min.js"
PHONE_WIDTH = 360
TABS = ("orders", "history", "executions", "results", "account", "alerts", "control", "log")
SECTIONS = ("chart", "market", "depth", "trade", "account")

RUN_AXE = """({ within, rules }) => axe.run(within, { resultTypes: ["violations"], ...rules })
  .then(({ violations }) => violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, nodes }) => [id, ...nodes.map(({ target, failureSummary: text }) => `${target} ${text}`)].join(" | ")))"""

FOCUSED = """() => {
  const element = document.activeElement;
  const seen = element.matches("input[type=radio]") ? element.closest("label") : element;
  const styles = [seen, ...seen.querySelectorAll("*")].map((part) => getComputedStyle(part));
  return {
    name: element.id || element.name || element.className || element.tagName,
    isOutlined: styles.some(({ outlineStyle }) => outlineStyle !== "none"),
    place: [...document.querySelectorAll("*")].indexOf(element),
  };
}"""


def serious_findings(page: Page, within: str = "html", **rules: Any) -> list[Any]:
    """Findings of axe-core, serious or worse; the test evaluates it, so that the policy of the page stays as it is.

    Args:
        page: The page.
        within: Selector of the part that is checked.
        rules: Options that choose rules; all rules without them.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(RUN_AXE, {"within": within, "rules": rules}))


def findings_in_both_colours(page: Page) -> list[Any]:
    """Findings on the dark page, and the contrast of its colours on the light page."""
    found = serious_findings(page)
    page.emulate_media(color_scheme="light")
    found += serious_findings(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="dark")
    return found


def open_tab(page: Page, tab: str) -> None:
    """Show a tab with the most that it can show: an explanation of a row, an alert."""
    show_tab(page, tab)
    if tab in ("executions", "history") and page.locator(f"#{tab} .explanation").count() == 0:
        page.locator(f"#{tab}").get_by_role("button", name="Why").first.click()
        expect(page.locator(f"#{tab} .explanation").first).to_be_visible()
    if tab == "alerts" and row(page, "alerts", "AAPL").count() == 0:
        page.locator("#alerts").get_by_label("Price").fill("1")
        page.locator("#alerts").get_by_role("button", name="Add").click()
        expect(row(page, "alerts", "AAPL")).to_be_visible()


def test_desk_has_no_serious_findings_at_any_size_in_both_colours(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    fill_ticket(page, "Buy", LIMIT, "5", f"{bid(page) * 0.9:.2f}", take_profit=f"{bid(page) * 1.1:.2f}")
    fill_ticket(page, "Sell", MARKET, "1.5")
    expect(page.locator("#ticket-qty-error")).to_be_visible()
    terminal.take_errors()
    fill_ticket(page, "Sell", MARKET, "5", take_profit="")
    position = row(page, "positions", "AAPL")
    position.get_by_role("button", name="brackets").click()
    fill_ticket(page, "Sell", MARKET, "900000")
    expect(page.locator("#quotes .sparkline[role=img]").first).to_be_visible()
    assert findings_in_both_colours(page) == []
    for tab in TABS:
        open_tab(page, tab)
        assert serious_findings(page, f"#{tab}") == [], tab

    page.set_viewport_size({"width": 1024, "height": 768})
    assert findings_in_both_colours(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    for section in SECTIONS:
        page.locator(f"#sections [data-section={section}]").click()
        expect(page.locator(f".panel[data-section={section}]")).to_be_visible()
        assert serious_findings(page) == [], section
    for tab in TABS:
        open_tab(page, tab)
        assert serious_findings(page, f"#{tab}") == [], tab


def test_focus_is_seen_and_goes_in_order_and_a_phone_has_no_serious_findings(terminal: Terminal) -> None:
    terminal.open("?offline=1")
    page = terminal.page
    expect(page.locator("#ladder-asks .level").first).to_be_enabled()
    stops = []
    for _ in range(70):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        if stops[-1]["name"] == "tab-positions":
            break
    names = [stop["name"] for stop in stops]
    assert names[0] == "skip"
    assert names[-1] == "tab-positions"
    assert {"search", "ticket-qty", "ticket-take-profit", "ticket-duration", "leverage-value", "ticket-submit"} <= set(
        names
    )
    assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops)
    assert [stop["name"] for stop in stops if not stop["isOutlined"]] == []

    page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    expect(page.locator("body.has-depth")).to_be_attached()
    for section in SECTIONS:
        page.locator(f"#sections [data-section={section}]").click()
        expect(page.locator(f".panel[data-section={section}]")).to_be_visible()
        assert serious_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE_WIDTH
