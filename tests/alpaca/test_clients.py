"""The settings for clients, the module switch, and the launcher with a bot that is not changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from handlers.alpaca.clients import clients
from server.alpaca_routes import BASE, alpaca_addresses
from server.command_line import BadSettings
from server.launcher import Plan, read_plan, run
from server.specs.documents import alpaca_spec
from tests.alpaca.venue import Venue, running
from tests.support import WAIT_S

ROOT = Path(__file__).parents[2]
PROGRAM_S = 60.0

PY_BOT = """
from alpaca.trading.client import TradingClient
from alpaca.trading.requests import MarketOrderRequest
client = TradingClient("key", "secret", paper=True)
order = client.submit_order(MarketOrderRequest(symbol="AAPL", qty=3, side="buy", time_in_force="day"))
print("placed", order.status.value)
try:
    TradingClient("key", "secret", paper=False).get_account()
except Exception as error:
    print("live", error.status_code)
raise SystemExit(7)
"""

TRADE_API_BOT = """
from alpaca_trade_api.rest import REST
paper = REST("key", "secret", base_url="https://paper-api.alpaca.markets")
print("placed", paper.submit_order(symbol="AAPL", qty=3, side="buy", type="market", time_in_force="day").status)
raise SystemExit(7)
"""

EXAMPLES = ROOT / "docs" / "examples"


@pytest.mark.parametrize(
    ("bot", "status", "first_lines"),
    [
        (["-c", PY_BOT], 7, ["placed filled", "live 404"]),
        (["-c", TRADE_API_BOT], 7, ["placed filled"]),
        ([str(EXAMPLES / "ccxt_bot.py"), "1"], 0, []),
    ],
    ids=["alpaca-py", "alpaca-trade-api", "ccxt"],
)
def test_bot_runs_unchanged_and_its_trades_are_shown(
    venue: Venue, capfd: pytest.CaptureFixture[str], bot: list[str], status: int, first_lines: list[str]
) -> None:
    assert run(["--server", f"http://{venue.address}", "--", sys.executable, *bot]) == status
    shown, errors = capfd.readouterr()
    lines = shown.splitlines()
    assert (lines[: len(first_lines)], errors) == (first_lines, "")
    assert " trades, profit " in lines[-1]
    assert lines[-1].startswith("0 trades") or lines[-2].startswith(("buy ", "sell "))


def test_launcher_starts_a_server_and_stops_it() -> None:
    bot = [sys.executable, str(EXAMPLES / "alpaca_bot.py"), "1"]
    command = [sys.executable, "run.py", "run", "--seed", "7", "--", *bot]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=PROGRAM_S)
    assert (done.returncode, " trades, profit " in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("arguments", [[], ["--"], ["--server", "--", "x"], ["--port", "bad", "--", "x"]])
def test_unusable_command_line_is_refused(arguments: list[str]) -> None:
    with pytest.raises(BadSettings):
        read_plan(arguments)


@pytest.mark.parametrize(
    ("arguments", "plan"),
    [
        (["--", "bot", "-x"], Plan(None, ["--ephemeral"], ["bot", "-x"])),
        (["--data-dir", "d", "--", "bot"], Plan(None, ["--data-dir", "d"], ["bot"])),
        (["--server", "http://h:1/", "--", "bot"], Plan("http://h:1", [], ["bot"])),
    ],
)
def test_command_line_names_server_or_options(arguments: list[str], plan: Plan) -> None:
    assert read_plan(arguments) == plan


def test_settings_of_clients_have_whole_maps(venue: Venue) -> None:
    answer = requests.get(f"{venue.url}/clients.json", timeout=WAIT_S)
    assert answer.json() == clients(venue.address, False, "DEMO-ACCOUNT")
    text = answer.text
    assert "alpaca.markets" not in text
    assert answer.json()["ccxt"]["urls"]["api"].keys() == {"trader", "market", "broker", "ws"}


def test_dialect_is_off_without_its_module() -> None:
    with running(modules=("broker", "datafeed")) as off:
        for path in ("/v2/account", "/clients.json", "/openapi.json", "/stream"):
            assert requests.get(f"{off.url}{path}", timeout=WAIT_S).status_code == 404
        assert off.native("GET", "/broker/account")["id"] == "DEMO-ACCOUNT"


def test_document_is_valid_and_describes_every_address(venue: Venue) -> None:
    document = requests.get(f"{venue.url}/openapi.json", timeout=WAIT_S).json()
    assert document == alpaca_spec()
    OpenAPIV31SpecValidator(document).validate()
    described = {path: {method.upper() for method in item} for path, item in document["paths"].items()}
    assert described == {BASE + one.path: set(one.calls) for one in alpaca_addresses()}


def test_module_names_are_listed_as_before(venue: Venue) -> None:
    assert venue.native("GET", "/health")["modules"] == ["broker", "datafeed"]
    assert "TRADING_PRO_ALPACA" not in os.environ
