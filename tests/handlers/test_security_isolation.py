"""Isolation, made from the route table and the topics, so that a new address or topic cannot be forgotten.

Every address and every topic x every bad token: refused. Somebody else's account x every address and topic: the same
bytes as an account that is not there.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.topics import ROUTES
from handlers.base import ApiHandler
from server.operations import Address
from server.routes import CHARTS_BASE, addresses
from tests.conftest import OpenStream, StartLive
from tests.guarded import RESTING, guarded, hello
from tests.handlers.rest.test_rest import BODIES, QUERIES, VALUES
from tests.live import Live, Stream
from tests.tokens import ALICE, BOB, bad_tokens, bearer, token

TABLE = addresses(("broker", "datafeed"), is_debug=True)
OPERATIONS = [(address, method) for address in TABLE for method in address.operations]
OPEN = {"/health", "/versions", "/version"}
"""The only addresses that anybody may read, and none of them says anything about an account."""

ABOUT_NO_ACCOUNT = {"/accounts"}
"""Addresses of the broker that take no accountId; what they show and open is tested by hand below."""

MISSING = "NO-SUCH-ACCOUNT"
SUBSCRIPTIONS: dict[str, Any] = {
    "bars": {"symbol": "AAPL", "resolution": "5"},
    "quotes": {"symbols": [], "fast_symbols": ["AAPL"]},
    "depth": {"symbol": "AAPL"},
    "pip-value": {"symbol": "AAPL"},
}
PRIVATE = [name for name, route in ROUTES.items() if route.module == "broker"]


def needs(address: Address) -> str:
    assert issubclass(address.handler, ApiHandler)
    return address.handler.needs


def path_of(address: Address, account: str | None = None) -> str:
    path = address.full_path.removeprefix("/api/v1")
    for name, value in (VALUES | {"{accountId}": account or ALICE}).items():
        path = path.replace(name, value)
    parts = [QUERIES.get(address.full_path), f"accountId={account}" if account else None]
    query = "&".join(part for part in parts if part)
    return f"{path}?{query}" if query else path


def payload_of(route: str, account: str) -> Any:
    return SUBSCRIPTIONS.get(route, {}) | ({"accountId": account} if route in PRIVATE else {})


def events(server: Live) -> int:
    return server.server.services.journal.count


async def test_no_address_lets_a_bad_token_in(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    before, bad = events(server), bad_tokens().values()
    for address, method in OPERATIONS:
        body = BODIES.get(address.operations[method].id)
        answers = [await server.fetch(method, path_of(address), body, headers=bearer(one)) for one in bad]
        refused = [answer for answer in answers if answer.code == 401]
        assert len(refused) == (0 if address.path in OPEN else len(bad)), (method, address.full_path)
        assert all(answer.headers["WWW-Authenticate"].startswith("Bearer") for answer in refused)
    assert events(server) == before


async def test_somebody_elses_account_is_not_there(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    before, headers = events(server), bearer(token(ALICE))
    for address, method in OPERATIONS:
        body = BODIES.get(address.operations[method].id)
        foreign = await server.fetch(method, path_of(address, BOB), body, headers=headers)
        missing = await server.fetch(method, path_of(address, MISSING), body, headers=headers)
        name = (method, address.full_path)
        assert events(server) == before, name
        if needs(address) == "admin":
            assert {foreign.code, missing.code} == {403}, name
        elif address.module == "broker" and address.path not in OPEN | ABOUT_NO_ACCOUNT:
            status = 200 if address.base == CHARTS_BASE else 404  # the storage of layouts tells errors in the body
            assert (foreign.code, missing.code) == (status, status), name
            assert status == 404 or json.loads(foreign.body)["status"] == "error", name
            assert foreign.body.replace(BOB.encode(), b"?") == missing.body.replace(MISSING.encode(), b"?"), name
            assert sorted(foreign.headers) == sorted(missing.headers), name
        elif address.path not in OPEN:
            assert (foreign.code, foreign.body) == (missing.code, missing.body), name


@pytest.mark.parametrize("address", [a for a in TABLE if a.is_debug], ids=lambda a: a.path)
def test_every_debug_address_needs_the_admin_scope(address: Address) -> None:
    assert needs(address) == "admin"


def test_only_these_addresses_are_open_to_everybody() -> None:
    assert {address.path for address in TABLE if needs(address) == "nothing"} == OPEN


async def test_an_admin_token_opens_control_but_no_account(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    admin = bearer(token("ROOT", scope="admin"))
    assert (await server.fetch("POST", "/broker/debug/execute-orders", headers=admin)).code == 200
    assert (await server.fetch("GET", f"/broker/orders?accountId={BOB}", headers=admin)).code == 404


async def test_a_caller_sees_its_own_accounts_only(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    answer = await server.fetch("GET", "/broker/accounts", headers=bearer(token("desk", accounts=[ALICE, MISSING])))
    assert [one["id"] for one in json.loads(answer.body)] == [ALICE]


@pytest.mark.parametrize(
    ("scope", "account", "status"),
    [
        ("", "CAROL", 200),
        ("", BOB, 403),
        ("", MISSING, 403),
        ("", None, 403),
        ("admin", MISSING, 200),
        ("admin", None, 200),
    ],
)
async def test_a_caller_opens_the_accounts_of_its_token_and_an_admin_any(
    scope: str, account: str | None, status: int, live: StartLive, tmp_path: Path
) -> None:
    server = await guarded(live, tmp_path)
    headers = bearer(token("CAROL", scope=scope))
    answer = await server.fetch("POST", "/broker/accounts", {"id": account, "name": "new"}, headers=headers)
    assert answer.code == status, answer.body


async def test_without_an_account_a_caller_gets_its_own(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    answer = await server.fetch("GET", "/broker/account", headers=bearer(token(BOB)))
    assert (answer.code, b'"id":"BOB"' in answer.body) == (200, True)


async def test_orders_and_positions_are_looked_up_in_the_callers_account_only(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    last = await server.fetch("POST", "/broker/orders", RESTING, headers=bearer(token(BOB)))
    assert b"ORDER-3" in last.body
    theirs = await server.fetch("GET", "/broker/orders/ORDER-3", headers=bearer(token(ALICE)))
    nobodys = await server.fetch("GET", "/broker/orders/ORDER-9", headers=bearer(token(ALICE)))
    assert (theirs.code, theirs.body) == (404, nobodys.body.replace(b"ORDER-9", b"ORDER-3"))


async def known(server: Live, stream: OpenStream, value: str) -> Stream:
    client = await stream(server)
    await client.send(hello(value))
    assert (await client.receive())["type"] == "welcome"
    return client


@pytest.mark.parametrize("route", sorted({*PRIVATE, *SUBSCRIPTIONS}))
async def test_no_topic_lets_a_bad_token_in(route: str, live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    for bad in bad_tokens().values():
        client = await stream(server)
        refusal = await client.ask(f"{route}.subscribe", payload_of(route, ALICE))
        assert (refusal["type"], refusal["payload"]["code"]) == ("error", "UNAUTHORIZED")
        await client.send(hello(bad))
        assert await client.closed() == 4500
    assert server.server.services.hub.counts() == (0, 0)


@pytest.mark.parametrize("route", PRIVATE)
async def test_a_topic_of_somebody_elses_account_is_not_there(
    route: str, live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server = await guarded(live, tmp_path)
    client = await known(server, stream, token(ALICE))
    replies = [await client.ask(f"{route}.subscribe", payload_of(route, account)) for account in (BOB, MISSING)]
    assert {reply["payload"]["status"] for reply in replies} == {"error"}
    assert str(replies[0]).replace(BOB, "?") == str(replies[1]).replace(MISSING, "?")
    assert server.server.services.hub.counts() == (0, 0)
    await client.subscribe(route, payload_of(route, ALICE))


async def test_a_stream_carries_the_callers_account_only(live: StartLive, stream: OpenStream, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path)
    client = await known(server, stream, token(ALICE))
    await client.subscribe("orders", {"accountId": ALICE})
    await server.fetch("POST", "/broker/orders", RESTING, headers=bearer(token(BOB)))
    assert await client.drained() == []
    await server.fetch("POST", "/broker/orders", RESTING, headers=bearer(token(ALICE)))
    assert (await client.receive())["type"] == "orders.update"


async def test_a_token_account_that_is_not_open_is_no_alias_of_the_demo(
    live: StartLive, stream: OpenStream, tmp_path: Path
) -> None:
    server = await guarded(live, tmp_path)
    client = await known(server, stream, token(MISSING))
    await client.subscribe("orders", {"accountId": MISSING})
    answer = await server.fetch("POST", "/broker/orders", RESTING, headers=bearer(token("DEMO-ACCOUNT")))
    assert answer.code == 200
    assert await client.drained() == []
