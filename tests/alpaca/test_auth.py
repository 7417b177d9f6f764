"""Keys and secrets of the dialect with `--auth jwt`: the key id is the account, the secret a token."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.alpaca.sockets import opened
from tests.alpaca.venue import Venue, running
from tests.conftest import Connect, StartLive
from tests.guarded import guarded
from tests.support import WAIT_S
from tests.tokens import ALICE, BOB, bad_tokens, key_file, token


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A server that needs tokens, with the accounts of the fixture `venue`'s names."""
    settings: dict[str, Any] = {"auth": "jwt", "jwt_key_file": key_file(tmp_path_factory.mktemp("key"))}
    with running(**settings, order_rate=0) as venue:
        yield venue


def account(venue: Venue, headers: dict[str, str]) -> requests.Response:
    return requests.get(f"{venue.url}/v2/account", headers=headers, timeout=WAIT_S)


def keys(key_id: str, secret: str | None) -> dict[str, str]:
    return {"APCA-API-KEY-ID": key_id} | ({} if secret is None else {"APCA-API-SECRET-KEY": secret})


def test_token_opens_the_account_of_the_key(locked: Venue) -> None:
    name = locked.open_account()
    secret = token(name)
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    ways = (keys(name, secret), {"Authorization": f"Bearer {secret}"}, {"Authorization": f"Basic {basic}"})
    assert [account(locked, way).json()["account_number"] for way in ways] == [name] * 3


@pytest.mark.parametrize("kind", bad_tokens())
def test_bad_token_is_refused(locked: Venue, kind: str) -> None:
    answer = account(locked, keys("DEMO-ACCOUNT", bad_tokens()[kind]))
    assert (answer.status_code, answer.json()["code"]) == (401, 40110000)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic !"}, {"Authorization": "Digest x"}])
def test_missing_credentials_are_refused(locked: Venue, headers: dict[str, str]) -> None:
    assert account(locked, headers).status_code == 401


def test_account_that_a_token_names_is_opened_at_its_first_use(locked: Venue) -> None:
    shown = account(locked, keys("NEWCOMER", token("NEWCOMER"))).json()
    assert (shown["account_number"], shown["cash"]) == ("NEWCOMER", "100000")


async def test_trade_updates_open_the_account_of_the_token(live: StartLive, connect: Connect, tmp_path: Path) -> None:
    client = await opened(connect, await guarded(live, tmp_path), "/stream")
    login = {"action": "authenticate", "data": {"key_id": "NEWCOMER", "secret_key": token("NEWCOMER")}}
    assert (await client.ask(login))["data"]["status"] == "authorized"
    reply = await client.ask({"action": "listen", "data": {"streams": ["trade_updates"]}})
    assert reply["data"] == {"streams": ["trade_updates"]}


def test_token_does_not_open_another_account(locked: Venue) -> None:
    first, second = locked.open_account(), locked.open_account()
    assert account(locked, keys(second, token(first))).status_code == 401


def test_crypto_data_needs_no_key_and_stock_data_does(locked: Venue) -> None:
    paths = ("/v1beta3/crypto/us/latest/quotes?symbols=BTC/USD", "/v2/stocks/AAPL/quotes/latest")
    assert [requests.get(f"{locked.url}{path}", timeout=WAIT_S).status_code for path in paths] == [200, 401]


@pytest.mark.parametrize(("key_id", "status"), [(ALICE, "authorized"), (BOB, "unauthorized")])
async def test_trade_updates_need_the_token_of_the_account(
    key_id: str, status: str, live: StartLive, connect: Connect, tmp_path: Path
) -> None:
    client = await opened(connect, await guarded(live, tmp_path), "/stream")
    login = {"action": "authenticate", "data": {"key_id": key_id, "secret_key": token(ALICE)}}
    assert (await client.ask(login))["data"]["status"] == status


async def test_market_stream_refuses_a_bad_token(live: StartLive, connect: Connect, tmp_path: Path) -> None:
    client = await opened(connect, await guarded(live, tmp_path), "/v2/iex")
    await client.receive()
    (reply,) = await client.ask({"action": "auth", "key": ALICE, "secret": "garbage"})
    assert (reply["T"], reply["code"]) == ("error", 402)
    (reply,) = await client.ask({"action": "auth", "key": ALICE, "secret": token(ALICE)})
    assert reply == {"T": "success", "msg": "authenticated"}
