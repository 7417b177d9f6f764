"""With `--auth jwt`, an account that a token names is opened at its first use: once, durable, over REST or a socket."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenStream, StartLive
from tests.guarded import ORDER, RESTING, hello
from tests.live import Live
from tests.tokens import bearer, key_file, token

ALICE = "ALICE"
UDF_RANGE = "symbol=AAPL&from=1767000000&to=1767700000&resolution=1D"

FIRST_REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", "/broker/account", None),
    ("GET", f"/broker/account?accountId={ALICE}", None),
    ("GET", "/broker/account/state", None),
    ("GET", "/broker/accounts", None),
    ("GET", "/broker/config", None),
    ("GET", "/broker/symbols/AAPL", None),
    ("GET", "/broker/orders", None),
    ("GET", "/broker/orders/history", None),
    ("GET", "/broker/positions", None),
    ("GET", "/broker/executions", None),
    ("GET", "/broker/executions/AAPL", None),
    ("GET", "/broker/leverage/info?symbol=AAPL", None),
    ("POST", "/broker/leverage/preview", {"symbol": "AAPL", "leverage": 5}),
    ("PUT", "/broker/leverage/set", {"symbol": "AAPL", "leverage": 5}),
    ("POST", "/broker/orders", ORDER),
    ("POST", "/broker/orders/preview", ORDER),
    ("DELETE", "/broker/orders", None),
    ("POST", f"/broker/accounts/{ALICE}/reset", {}),
    ("GET", f"/udf/marks?{UDF_RANGE}", None),
]


async def start(live: StartLive, folder: Path, **settings: Any) -> Live:
    """A server with tokens, where no account but the default one is open."""
    limits = {"order_rate": 0, "max_connections": 0}
    return await live(auth="jwt", jwt_key_file=key_file(folder), **(limits | settings))


def openings(server: Live) -> list[str]:
    """Ids of the accounts that are open, besides the default one."""
    return [one for one in server.server.services.engine.broker.accounts if one != "DEMO-ACCOUNT"]


async def accounts(server: Live, value: str) -> Any:
    """The list of accounts that a token may use."""
    return json.loads((await server.fetch("GET", "/broker/accounts", headers=bearer(value))).body)


@pytest.mark.parametrize(("method", "path", "body"), FIRST_REQUESTS)
async def test_the_first_request_of_a_token_opens_its_account(
    method: str, path: str, body: Any, live: StartLive, tmp_path: Path
) -> None:
    server = await start(live, tmp_path)
    answer = await server.fetch(method, path, body, headers=bearer(token(ALICE)))
    assert answer.code == 200, answer.body
    assert openings(server) == [ALICE]
    (default,) = await accounts(server, token("DEMO-ACCOUNT"))
    (opened,) = await accounts(server, token(ALICE))
    assert (opened["id"], opened["deposit"], opened["profile"]) == (ALICE, 100_000, default["profile"])


@pytest.mark.parametrize(
    ("claims", "name", "deposit"),
    [
        ({}, "Paper account", 100_000),
        ({"name": "Alice Liddell"}, "Alice Liddell", 100_000),
        ({"balance": 2500.5}, "Paper account", 2500.5),
        ({"name": "Alice", "balance": 0}, "Alice", 0),
    ],
)
async def test_claims_may_have_name_and_balance(
    claims: dict[str, Any], name: str, deposit: float, live: StartLive, tmp_path: Path
) -> None:
    server = await start(live, tmp_path)
    (opened,) = await accounts(server, token(ALICE, **claims))
    assert (opened["name"], opened["deposit"]) == (name, deposit)
    (again,) = await accounts(server, token(ALICE, name="Another", balance=1))
    assert again == opened


@pytest.mark.parametrize("claims", [{"name": 5}, {"name": ""}, {"balance": -1}, {"balance": "1000"}, {"balance": True}])
async def test_a_token_with_a_wrong_name_or_balance_is_refused(
    claims: dict[str, Any], live: StartLive, tmp_path: Path
) -> None:
    server = await start(live, tmp_path)
    assert (await server.fetch("GET", "/broker/account", headers=bearer(token(ALICE, **claims)))).code == 401
    assert openings(server) == []


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ({}, "/broker/orders?accountId=BOB"),
        ({"accounts": ["ALICE-1", "ALICE-2"]}, "/broker/orders?accountId=ALICE"),
        ({"scope": "admin"}, "/broker/orders?accountId=BOB"),
        ({"accounts": ["a:b"]}, "/broker/orders"),
    ],
)
async def test_an_account_that_the_token_does_not_name_is_a_404(
    claims: dict[str, Any], path: str, live: StartLive, tmp_path: Path
) -> None:
    server = await start(live, tmp_path)
    answer = await server.fetch("GET", path, headers=bearer(token(ALICE, **claims)))
    assert (answer.code, json.loads(answer.body)["code"]) == (404, "UNKNOWN_ACCOUNT")
    assert openings(server) == []


@pytest.mark.parametrize("subject", ["auth0|64b7", "alice@example.com", "a/b"])
async def test_subjects_of_other_issuers_are_accounts_too(subject: str, live: StartLive, tmp_path: Path) -> None:
    server = await start(live, tmp_path)
    answer = await server.fetch("POST", "/broker/orders", RESTING, headers=bearer(token(subject)))
    assert (answer.code, openings(server)) == (200, [subject])


async def test_each_named_account_is_opened_at_its_own_first_use(live: StartLive, tmp_path: Path) -> None:
    server = await start(live, tmp_path)
    desk = bearer(token("desk", accounts=["DESK-1", "DESK-2"]))
    for query, expected in (("", ["DESK-1"]), ("?accountId=DESK-2", ["DESK-1", "DESK-2"])):
        assert (await server.fetch("GET", f"/broker/positions{query}", headers=desk)).code == 200
        assert openings(server) == expected


async def test_first_requests_at_once_open_one_durable_account(
    live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server = await start(live, tmp_path, data_dir=tmp_path / "data", ephemeral=False)
    client = await stream(server)
    await client.send(hello(token(ALICE)))
    await client.receive()
    reply, shown, listed, placed = await asyncio.gather(
        client.ask("orders.subscribe", {"accountId": ALICE}),
        server.fetch("GET", "/broker/account", headers=bearer(token(ALICE))),
        server.fetch("GET", "/broker/accounts", headers=bearer(token(ALICE))),
        server.fetch("POST", "/broker/orders", RESTING, headers=bearer(token(ALICE))),
    )
    assert reply["payload"]["status"] == "ok"
    assert (shown.code, listed.code, placed.code) == (200, 200, 200)
    await check_restart(server, live, tmp_path, events=2)


@pytest.mark.parametrize("route", ["orders", "equity", "broker-connection"])
async def test_a_socket_may_be_the_first_contact(
    route: str, live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server = await start(live, tmp_path, data_dir=tmp_path / "data", ephemeral=False)
    client = await stream(server)
    await client.send(hello(token(ALICE, name="Alice", balance=500)))
    await client.receive()
    reply = await client.ask(f"{route}.subscribe", {"accountId": "BOB"})
    assert (reply["payload"]["status"], openings(server)) == ("error", [])
    await client.subscribe(route, {"accountId": ALICE})
    await check_restart(server, live, tmp_path, events=1)


async def check_restart(server: Live, live: StartLive, folder: Path, events: int) -> None:
    """Restart a server and check that Alice's account is there, with its events and without another opening."""
    count = server.server.services.journal.count
    assert count == 1 + events, "the opening of the default account, and Alice's events"
    server.server.ticker.stop()
    await server.server.storage.close()
    again = await start(live, folder, data_dir=folder / "data", ephemeral=False)
    assert openings(again) == [ALICE]
    assert (await again.fetch("GET", "/broker/account", headers=bearer(token(ALICE)))).code == 200
    assert again.server.services.journal.count == count
