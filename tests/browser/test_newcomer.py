"""The newcomer's tasks of docs/terminal.md, one after the other on one page, each in at most three actions."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Terminal
from tests.browser.hands import cell, drag, row, tag

pytestmark = pytest.mark.browser

MAX_ACTIONS = 3


def task(*actions: Callable[[], object]) -> None:
    """Do a task; an action is a key, a text that is typed, a click, a choice in a list or a drag."""
    assert len(actions) <= MAX_ACTIONS
    for act in actions:
        act()


def trade(page: Page) -> None:
    """Find a symbol, buy, pull a bracket out of the position, and move its stop."""
    task(lambda: page.keyboard.press("/"), lambda: page.keyboard.type("micro"), lambda: page.keyboard.press("Enter"))
    expect(page.locator("#chart-symbol")).to_have_text("MSFT")
    expect(page.locator("#chart-legend")).to_contain_text("Vol")

    task(lambda: page.keyboard.press("b"), lambda: page.keyboard.press("Enter"))
    position = row(page, "positions", "MSFT")
    at_line = page.locator("#chart-confirm")
    pull = tag(page, "Long 1").get_by_role("button", name="Stop loss")
    task(lambda: drag(page, pull, -40), at_line.get_by_role("button", name="Set").click)
    expect(cell(position, "Stop")).not_to_have_text("–")

    stop_at = cell(position, "Stop").inner_text()
    handle = page.get_by_role("slider", name="Price of Stop loss 1")
    task(lambda: drag(page, handle, -20), at_line.get_by_role("button", name="Move").click)
    expect(cell(position, "Stop")).not_to_have_text(stop_at)


def read(page: Page) -> None:
    """Read why the order filled, and the result of today."""
    executions = page.get_by_role("tab", name="Executions")
    task(executions.click, row(page, "executions", "MSFT").get_by_role("button", name="Why").click)
    expect(page.locator("#executions .explanation")).to_contain_text("Bought 1 MSFT at")

    period = page.get_by_label("Period")
    task(page.get_by_role("tab", name="Results").click, lambda: period.select_option("Today"))
    expect(page.locator("#results .figures div", has_text="Net result").locator("dd")).to_have_text(re.compile(r"\d"))


def disturb(page: Page) -> None:
    """Halt the market, and cut the socket of the page."""
    scenario = page.get_by_label("Scenario", exact=True)
    begin = page.get_by_role("button", name="Begin", exact=True)
    task(page.get_by_role("tab", name="Control").click, lambda: scenario.select_option("Halt trading"), begin.click)
    expect(page.locator("#market-status")).to_have_text(re.compile("^Halted"))

    with page.expect_websocket():
        task(page.get_by_role("button", name="Cut the socket").click)
    expect(page.locator(".toast", has_text="The connection to the server is open")).to_be_visible()


def test_newcomer_does_each_task_in_three_actions(control_terminal: Terminal) -> None:
    control_terminal.open()
    page = control_terminal.page
    trade(page)
    read(page)
    disturb(page)
    row(page, "control", "Halt").get_by_role("button", name="End").click()
    expect(page.locator("#market-status")).to_have_text(re.compile("^Open"))
