"""The core as the handlers of an edge use it; implements `handlers.edge.core.Core` on the bus.

The state of a topic is given to the handler when this process has processed the messages that it contains. Equal
requests at the same time are one request.
"""

import asyncio

import orjson

from engine.topics import Payload
from handlers.edge.core import CoreAway, TopicRequest, TopicState
from server.edge.interest import EdgeInterest
from server.edge.link import Link
from server.edge.replica import Replica
from server.edge.requests import PATIENCE_S, CoreRequests


class CoreClient:
    """The core behind the bus.

    Args:
        requests: Ask the core.
        replica: The position of this process, and the answers that are still valid.
        link: The state of the connection.
        interest: Tells the core the conflated channels with subscribers.
        epoch: Epoch of the history.
    """

    def __init__(
        self, requests: CoreRequests, replica: Replica, link: Link, interest: EdgeInterest, epoch: str
    ) -> None:
        self._requests = requests
        self._replica = replica
        self._link = link
        self._interest = interest
        self._epoch = epoch
        self._asking: dict[tuple[str, bool], asyncio.Task[TopicState]] = {}

    @property
    def address(self) -> str | None:
        """Base of the URLs of the core, None while it is not known."""
        return self._link.address

    def connection(self) -> Payload:
        """Return the state of the connection to the core, as BrokerConnectionStatus."""
        return self._link.status

    def known(self, topic: str) -> TopicState | None:
        """Return the channel of a topic from an earlier answer that is still valid; None without one."""
        return self._replica.topics.get(topic)

    async def topic_state(self, request: TopicRequest) -> TopicState:
        """Return the state of a topic, see `Core`. Raises: CoreAway; CoreRefusal."""
        key = request.topic, request.has_snapshot
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(self._ask(request))
            task.add_done_callback(lambda _: self._asking.pop(key))
        return await asyncio.shield(task)

    async def announce(self, channel: str) -> bool:
        """Tell the core that a conflated channel gets a subscriber; returns False when it knows, see `Core`."""
        return await self._interest.announce(channel)

    async def updates(self, channel: str, after_seq: int) -> list[bytes] | None:
        """Return the encoded updates of an exact channel after a number, see `Core`. Raises: CoreAway."""
        return await self._requests.all_updates(channel, after_seq)

    async def _ask(self, request: TopicRequest) -> TopicState:
        reply = await self._requests.state(request)
        epoch, _, generation = reply.epoch.partition("@")[0].partition(".")
        if epoch != self._epoch:
            raise CoreAway
        state = TopicState(reply.channel, int(generation or 0), reply.bus_seq, reply.seq, orjson.dumps(reply.snapshot))
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._replica.passed(reply.bus_seq)
        except TimeoutError:
            raise CoreAway from None
        self._replica.note(request.topic, state._replace(snapshot=b"null"))
        return state
