"""What a new subscriber of market data starts from: first, among others, back at once, or held up by the disk."""

import asyncio

import pytest

from engine.topics import Update
from handlers.stream.limits import StreamLimits
from tests.conftest import OpenRaw, OpenStream, StartLive
from tests.handlers.stream.test_resume import resume, slowed


async def test_a_first_quote_has_a_number_of_its_own(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    wanted = {"symbols": ["AAPL", "MSFT"], "fast_symbols": []}
    await (await stream(server)).subscribe("quotes", wanted)
    server.step()
    second = await stream(server)
    place = await resume(second, "quotes", wanted, snapshot=True)
    assert [m["payload"]["seq"] for m in await second.drained()] == [place["seq"] + 1, place["seq"] + 2]


async def test_subscribing_twice_brings_no_second_quote_within_the_minute(live: StartLive, stream: OpenStream) -> None:
    server = await live()
    client = await stream(server)
    for count in (1, 0, 0):
        await client.subscribe("quotes", {"symbols": ["AAPL"], "fast_symbols": []})
        server.step()
        assert len(await client.drained()) == count


@pytest.mark.parametrize("route", ["bars", "quotes", "depth"])
async def test_who_comes_back_between_two_ticks_gets_the_state_again(
    route: str, live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    client = await stream(server)
    payload = {"symbol": "AAPL"} | ({"resolution": "1"} if route == "bars" else {})
    wanted = {"symbols": ["AAPL"], "fast_symbols": []} if route == "quotes" else payload
    await client.subscribe(route, wanted)
    server.step()
    await client.drained()
    await client.ask(f"{route}.unsubscribe", wanted)
    await client.subscribe(route, wanted)
    server.step(0)
    (update,) = await client.drained()
    assert update["payload"]["payload"].get("snapshot", True)


async def test_a_book_that_waited_for_the_disk_is_followed_by_a_snapshot(
    live: StartLive, stream: OpenStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await live()
    first, second = await stream(server), await stream(server)
    await first.subscribe("depth", {"symbol": "AAPL"})
    server.step()
    journal, place = slowed(server, monkeypatch)
    place()
    await second.send({"type": "depth.subscribe", "payload": {"symbol": "AAPL"}, "snapshot": True})
    while not server.server.services.publisher.waiting > 1:
        await asyncio.sleep(0)
    services = server.server.services
    services.hub.publish(services.engine.step().market)  # a tick meanwhile
    journal.commit()
    assert (await second.receive())["payload"]["snapshot"]["snapshot"]
    server.step(1)
    assert (await second.receive())["payload"]["payload"]["snapshot"]


async def test_states_that_wait_for_a_slow_client_are_bounded_too(live: StartLive, raw: OpenRaw) -> None:
    """Closed bars are not conflated: each waits in a slot of its own."""
    server = await live(limits=StreamLimits(state_bytes=20_000))
    hub = server.server.services.hub
    client = await raw(server, window=4096)
    topic = (await client.subscribe("bars", {"symbol": "AAPL", "resolution": "1"}))["topic"]
    number = 0
    while hub.connections:
        number += 1
        hub.publish([Update(topic, {"time": number, "text": "x" * 1000}, str(number))])
        await asyncio.sleep(0)
    assert (hub.counters.closed[4008], hub.counts()) == (1, (0, 0))


async def test_what_waits_of_an_earlier_subscription_does_not_hide_the_new_one(live: StartLive, raw: OpenRaw) -> None:
    server = await live()
    hub, wanted = server.server.services.hub, {"symbols": [], "fast_symbols": ["AAPL"]}
    client = await raw(server, window=4096)
    topic = (await client.subscribe("quotes", wanted))["topic"]
    (connection,) = hub.connections
    number = 0
    while connection.send_queue is None or number < 200:
        number += 1
        hub.publish([Update(topic, {"number": number, "text": "x" * 1000}, "AAPL")])
        await asyncio.sleep(0)
    await client.say({"type": "quotes.unsubscribe", "payload": wanted, "id": "off"})
    await client.say({"type": "quotes.subscribe", "payload": wanted, "id": "on"})
    while hub.counts() != (1, 1) or connection.send_queue.reply_bytes < 250:
        await asyncio.sleep(0)
    hub.publish([Update(topic, {"number": -1}, "AAPL")])
    while (await client.message()).get("id") != "on":
        pass
    assert (await client.message())["payload"]["payload"]["number"] == -1


async def test_names_beyond_the_limit_are_refused_and_given_back(live: StartLive, stream: OpenStream) -> None:
    server = await live(limits=StreamLimits(names=3))
    client = await stream(server)
    both = {"symbols": ["AAPL", "MSFT"], "fast_symbols": ["AAPL"]}

    async def status(fast: list[str]) -> str:
        wanted = {"symbols": [], "fast_symbols": fast}
        return str((await client.ask("quotes.subscribe", wanted))["payload"]["status"])

    await client.subscribe("quotes", both)
    assert [await status(["JPM", "NVDA"]), await status(["JPM"]), await status(["JPM"])] == ["error", "ok", "ok"]
    await client.ask("quotes.unsubscribe", both)
    assert await status(["AAPL", "aapl"]) == "ok"
    assert server.server.services.hub.counts() == (2, 2)


@pytest.mark.parametrize(
    ("slow", "fast", "told"),
    [
        (["AAPL", "NOPE"], [], {"AAPL": "ok", "NOPE": "error"}),
        ([], ["NOPE", "AAPL"], {"AAPL": "ok", "NOPE": "error"}),
        (["NOPE"], ["AAPL", "NOPE"], {"AAPL": "ok", "NOPE": "error"}),
        (["NOPE"], ["WRONG"], {"NOPE": "error", "WRONG": "error"}),
    ],
)
async def test_an_unknown_name_among_quotes_gets_one_error_entry(
    slow: list[str], fast: list[str], told: dict[str, str], live: StartLive, stream: OpenStream
) -> None:
    server = await live()
    client = await stream(server)
    await client.subscribe("quotes", {"symbols": slow, "fast_symbols": fast})
    server.step(1)
    first = [m["payload"]["payload"] for m in await client.drained()]
    listed = await server.call("POST", "/datafeed/quotes", {"symbols": [entry["n"] for entry in first]})
    assert {entry["n"]: entry["s"] for entry in first} == told
    assert first == listed
    for _ in range(3):
        server.step(60_001)
    later = [m["payload"]["payload"] for m in await client.drained()]
    assert {entry["s"] for entry in later} <= {"ok"}
