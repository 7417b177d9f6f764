"""The control panel: the clock, faults and the recording of a server that offers control."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ARTIFACTS, Terminal
from tests.browser.hands import MARKET, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser


def part(page: Page, name: str) -> Locator:
    """A part of the control panel."""
    return page.get_by_role("region", name=name)


def press(page: Page, name: str, button: str) -> None:
    """Press a button of a part of the control panel."""
    part(page, name).get_by_role("button", name=button, exact=True).click()


def test_clock_is_paused_stepped_sped_up_and_moved_to_close_and_open(control_terminal: Terminal) -> None:
    control_terminal.open()
    page = control_terminal.page
    time, speed, status = (page.locator(f"#market-{name}") for name in ("time", "speed", "status"))
    show_tab(page, "control")
    press(page, "Clock", "Pause")
    expect(speed).to_have_text("Paused")
    stood_at = time.inner_text()
    part(page, "Clock").get_by_label("Length of a step").select_option("1 hour")
    press(page, "Clock", "Step")
    hour = int(stood_at[11:13]) + 1
    expect(time).to_have_text(re.compile(rf" {hour:02}{re.escape(stood_at[13:])}$"))
    expect(speed).to_have_text("Paused")

    with page.expect_response("**/datafeed/bars*"):
        press(page, "Clock", "To close")
    expect(status).to_have_text(re.compile("^Closed"))
    press(page, "Clock", "To open")
    expect(status).to_have_text(re.compile("^Open until"))
    press(page, "Clock", "Run")
    part(page, "Clock").get_by_label("Speed of the market").select_option("Speed ×60")
    expect(speed).to_have_text("×60")
    part(page, "Clock").get_by_label("Speed of the market").select_option("Speed ×1")
    expect(speed).to_be_hidden()


def test_faults_reject_an_order_lose_a_reply_and_cut_the_socket(control_terminal: Terminal) -> None:
    control_terminal.open()
    page = control_terminal.page
    show_tab(page, "control")
    press(page, "Faults", "Reject next order")
    rejection = row(page, "control", "Reject next order")
    expect(rejection).to_contain_text("waiting")
    fill_ticket(page, "Buy", MARKET, "1")
    expect(page.locator(".toast", has_text="Order rejected")).to_be_visible()
    expect(rejection).to_contain_text("applied")
    page.screenshot(path=ARTIFACTS / "control.png")

    press(page, "Faults", "Lose next reply")
    expect(row(page, "control", "Lose next reply")).to_contain_text("waiting")
    fill_ticket(page, "Buy", MARKET, "2")
    expect(page.locator("#ticket-error")).to_be_visible()
    show_tab(page, "positions")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("2")

    show_tab(page, "control")
    with page.expect_websocket():
        press(page, "Faults", "Cut the socket")
    expect(page.locator(".toast", has_text="The connection to the server is open")).to_be_visible()
    expect(row(page, "control", "Cut the socket")).to_contain_text("applied")
    assert all("504" in error for error in control_terminal.take_errors())

    press(page, "Faults", "Reset counts")
    expect(rejection).to_contain_text("waiting")
    for name in ("Reject next order", "Lose next reply", "Cut the socket"):
        row(page, "control", name).get_by_role("button", name="Remove").click()
    expect(part(page, "Faults").get_by_role("table")).to_be_hidden()


@pytest.mark.parametrize("control_terminal", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_recording_is_downloaded_and_the_panel_fits_a_phone(control_terminal: Terminal) -> None:
    control_terminal.open()
    page = control_terminal.page
    page.locator("#sections").get_by_role("button", name="Account").click()
    show_tab(page, "control")
    with page.expect_download() as download:
        press(page, "Clock", "Download recording")
    header = Path(download.value.path()).read_text().splitlines()[0]
    assert json.loads(header)["recording"] == 1
    page.screenshot(path=ARTIFACTS / "control-phone.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.getElementById('manager-body').scrollWidth <= innerWidth")
