"""The updates of a hedging account keep the rules of the conformance kit; the client checks each of them."""

from typing import Any

from tests.conftest import OpenStream, StartLive
from tests.live import ACCOUNT, Live, Stream

FOLLOWED = ("executions", "orders", "equity", "positions", "individual-positions", "pl", "individual-pl")
POSITIONS = "/broker/individual-positions"


async def hedging(live: StartLive, stream: OpenStream) -> tuple[Live, Stream]:
    """A server whose account has individual positions, and a client that follows all of it from a snapshot on."""
    server = await live()
    await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {"profile": {"hedging": True}})
    client = await stream(server)
    for route in FOLLOWED:
        await client.ask(f"{route}.subscribe", ACCOUNT, snapshot=True)
    return server, client


def told(messages: list[dict[str, Any]], route: str) -> list[dict[str, Any]]:
    return [one["payload"]["payload"] for one in messages if one["type"] == f"{route}.update"]


async def test_long_and_short_positions_are_told_until_each_is_closed(live: StartLive, stream: OpenStream) -> None:
    server, client = await hedging(live, stream)
    for side, qty in ((1, 10), (1, 10), (-1, 20), (-1, 5)):
        await server.place(side=side, qty=qty)
        server.step()
        await client.settled()
    shown = await server.call("GET", POSITIONS)
    assert [(one["id"], one["side"], one["qty"]) for one in shown] == [
        ("POSITION-1", 1, 10),
        ("POSITION-2", 1, 10),
        ("POSITION-3", -1, 20),
        ("POSITION-4", -1, 5),
    ]
    await server.call("POST", f"{POSITIONS}/POSITION-3/close", {"amount": 8})
    await client.settled()
    await server.call("DELETE", f"{POSITIONS}/POSITION-1")
    await client.settled()
    await server.call("POST", "/broker/positions/AAPL/reverse", {})
    await client.settled()
    await server.call("DELETE", "/broker/positions/AAPL")
    closed = told(await client.settled(), "individual-positions")
    assert closed and all(one["qty"] == 0 for one in closed)
    assert await server.call("GET", POSITIONS) == []


async def test_exit_levels_belong_to_their_individual_position(live: StartLive, stream: OpenStream) -> None:
    server, client = await hedging(live, stream)
    levels = [{"qty": 6, "takeProfit": 9000.0, "stopLoss": 1.0}, {"qty": 4, "stopLoss": 2.0}]
    await server.place(exitLevels=levels)
    await server.place()
    legs = [one for one in told(await client.settled(), "orders") if one["parentId"] == "POSITION-1"]
    assert [(one["parentType"], one["exitLevelId"], one["qty"]) for one in legs] == [
        (3, "1", 6),
        (3, "1", 6),
        (3, "2", 4),
    ]
    await server.call("POST", f"{POSITIONS}/POSITION-1/close", {"amount": 7})
    position = told(await client.settled(), "individual-positions")[-1]
    assert [(one["id"], one["qty"]) for one in position["exitLevels"]] == [("1", 3)]
    await server.call("DELETE", f"{POSITIONS}/POSITION-1")
    await client.settled()
