"""The page of a server that wants tokens: asked for, kept in memory, renewed on the same connection."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, ServerProcess, Terminal, terminal_of
from tests.browser.hands import MARKET, cell, fill_ticket, row
from tests.tokens import ALICE, BOB, key_file, token

pytestmark = pytest.mark.browser

REFUSED = re.compile("status of 401")
"""A request without a good token."""

OF_ANOTHER = re.compile("status of 40[14]")
"""The same, or a request for the account of another subject: the page asks for figures of its account with the new
token, until the server has read that token and ended the connection."""


@pytest.fixture(scope="module")
def guarded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that wants tokens."""
    folder = tmp_path_factory.mktemp("guarded")
    process = ServerProcess(folder, "--ephemeral", "--auth", "jwt", "--jwt-key-file", str(key_file(folder)))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def guarded(browser: Browser, guarded_server: ServerProcess) -> Iterator[Terminal]:
    """A fresh page that has no token yet."""
    yield from terminal_of(browser, guarded_server.address, {})


def enter(page: Page, value: str) -> None:
    """Enter a token where the page asks for one."""
    page.get_by_label("Token", exact=True).fill(value)
    page.get_by_role("button", name="Use this token").click()


def made_by(command: str, account: str, folder: Path) -> str:
    """Run the command that the dialog shows, with an account and the key file of the server."""
    words = command.replace("NAME", account).replace("FILE", str(key_file(folder))).split()
    assert words[:2] == ["python", "run.py"]
    run = subprocess.run([sys.executable, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_page_asks_until_the_token_is_good_and_keeps_it_in_memory(guarded: Terminal, tmp_path: Path) -> None:
    page = guarded.page
    page.goto(guarded.address)
    dialog = page.get_by_role("dialog", name="This server asks for a token")
    expect(dialog).to_contain_text("A token is needed")
    expect(page.locator(".toast")).to_have_count(0)
    page.keyboard.press("Escape")
    enter(page, "garbage")
    expect(dialog).to_contain_text("The token is not valid")
    command = page.locator(".token .command")
    expect(command).to_contain_text("token --account NAME")
    good = made_by(command.inner_text(), ALICE, tmp_path)
    enter(page, f"Bearer {good}")
    expect(dialog).to_have_count(0)
    page.locator("body.ready").wait_for()
    expect(page.locator("#badge-socket")).to_contain_text("Connected")
    fill_ticket(page, "Buy", MARKET, "3")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("3")
    expect(page.locator("#account-switch")).to_have_value(ALICE)
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])")
    assert good not in kept
    assert [error for error in guarded.take_errors() if not REFUSED.search(error)] == []


def test_token_is_renewed_on_the_connection_and_another_subject_ends_it(guarded: Terminal) -> None:
    page = guarded.page
    with page.expect_websocket(lambda socket: socket.url.endswith("/api/v1/ws")):
        page.goto(guarded.address)
    now = int(time.time())
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    enter(page, token(ALICE, iat=now - 10, exp=now + 59))
    page.locator("body.ready").wait_for()
    dialog = page.get_by_role("dialog", name="The token ends soon")
    expect(dialog).to_contain_text(re.compile(r"good for another \d+ seconds"))
    expect(dialog.get_by_label("Token", exact=True)).not_to_be_focused()
    fill_ticket(page, "Buy", MARKET, "1")
    expect(page.locator(".toast", has_text="Order filled")).to_be_visible()
    enter(page, token(ALICE, iat=now - 5, exp=now + 59))
    expect(dialog).to_contain_text(re.compile(r"good for another \d+ seconds"))
    assert len(opened) == 1
    enter(page, token(BOB))
    expect(page.locator("#badge-socket")).to_contain_text("Disconnected")
    expect(page.locator(".toast", has_text="a connection stays with its subject")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#badge-socket")).to_contain_text("Disconnected")
    assert [error for error in guarded.take_errors() if not OF_ANOTHER.search(error)] == []
