"""An alias of the default account whose name becomes that of an account."""

from typing import Any

from engine.models.broker.account import AccountCreate
from tests.conftest import OpenStream, StartLive
from tests.handlers.stream.test_resume import resume
from tests.live import Live

NEW = {"accountId": "NEW"}


async def open_account(server: Live) -> None:
    await server.call("POST", "/broker/accounts", {"id": "NEW", "name": "New"})


async def place(server: Live, account: str) -> None:
    order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1}
    await server.call("POST", f"/broker/orders?accountId={account}", order)


async def test_who_follows_an_alias_is_sent_away_when_its_account_is_opened(
    live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    alias, other = await stream(server), await stream(server)
    await alias.subscribe("orders", NEW)
    await other.subscribe("orders", {"accountId": "ANOTHER"})
    await open_account(server)
    assert await alias.closed() == 4010
    await other.subscribe("positions")


async def test_the_topic_of_a_new_account_is_its_own(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    await (await stream(server)).subscribe("orders", NEW)
    await open_account(server)
    client = await stream(server)
    assert (await resume(client, "orders", NEW, snapshot=True))["snapshot"] == []
    await place(server, "DEMO-ACCOUNT")
    assert await client.drained() == []
    await place(server, "NEW")
    assert [m["payload"]["seq"] for m in await client.drained()] == [1]


async def test_a_subscriber_between_decision_and_disk_gets_the_new_account(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    hub, engine = server.server.services.hub, server.server.services.engine
    alias, client = await stream(server), await stream(server)
    await alias.subscribe("orders", NEW)
    await client.subscribe("orders", NEW)
    params: Any = next(iter(hub.topics("orders"))).params
    engine.create_account(AccountCreate(id="NEW", name="New"))
    assert engine.topic("orders", params).channel == "orders:NEW"
    await client.subscribe("orders", NEW)
    assert await alias.closed() == 4010
    await place(server, "NEW")
    assert [m["payload"]["seq"] for m in await client.drained()] == [1]


async def test_what_an_alias_heard_is_not_the_history_of_the_account(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    place_of_alias = await resume(await stream(server), "orders", NEW)
    await open_account(server)
    await place(server, "NEW")
    wanted = {"epoch": place_of_alias["epoch"], "seq": place_of_alias["seq"]}
    assert (await resume(await stream(server), "orders", NEW, recover=wanted))["recovered"] is False


async def test_an_alias_resumes(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    before = await resume(await stream(server), "orders", NEW)
    await place(server, "DEMO-ACCOUNT")
    client = await stream(server)
    after = await resume(client, "orders", NEW, recover={"epoch": before["epoch"], "seq": before["seq"]})
    assert (after["recovered"], [m["payload"]["seq"] for m in await client.drained()]) == (True, [1])
