"""The interest of an edge: announced channels share a message, and stay until a subscription can be there."""

import asyncio

from server.bus.messages import InterestMessage
from server.edge.interest import EdgeInterest
from tests.server.edge.scripted_core import ScriptedCore, make_replica


async def test_channels_that_are_announced_together_share_a_message() -> None:
    _, hub = make_replica(ScriptedCore())
    sent: list[InterestMessage] = []

    async def send(data: bytes) -> None:
        sent.append(InterestMessage.decode(data))

    interest = EdgeInterest("edge", hub, send)
    assert all(await asyncio.gather(interest.announce("equity:A"), interest.announce("pl:A")))
    assert sent == [InterestMessage("edge", ["equity:A", "pl:A"])]
    assert not await interest.announce("pl:A")
    await interest.announce("pl:B")
    assert [one.channels for one in sent[1:]] == [["equity:A", "pl:A", "pl:B"]]
