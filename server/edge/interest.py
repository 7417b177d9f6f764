"""The interest of an edge: the conflated channels that its clients follow. The core makes states of no others.

It is sent when it changes, and repeatedly. A channel is announced before the first subscription to it is confirmed, so
that the core has it before the client's next command.
"""

import asyncio
from collections.abc import Awaitable, Callable

from handlers.edge.hub import EdgeHub
from server.bus.messages import InterestMessage
from server.bus.names import INTEREST_S

CHECK_S = 0.25
GATHER_S = 0.01
"""Time in which announced channels share a message."""

ANNOUNCED_S = 15.0
"""Time in which an announced channel is kept without a subscriber: longer than a subscription may take."""

Send = Callable[[bytes], Awaitable[None]]


class EdgeInterest:
    """Sends the interest of this process.

    Args:
        name: Name of the edge.
        hub: Knows the subscriptions.
        send: Sends a message to the core; it may be lost.
    """

    def __init__(self, name: str, hub: EdgeHub, send: Send) -> None:
        self._name = name
        self._hub = hub
        self._send = send
        self._sent: frozenset[str] = frozenset()
        self._sent_at = 0.0
        self._announced: dict[str, float] = {}
        self._announcing: asyncio.Future[None] | None = None

    async def run(self) -> None:
        """Send the interest until the task is canceled."""
        while True:
            await self.refresh()
            await asyncio.sleep(CHECK_S)

    async def announce(self, channel: str) -> bool:
        """Send the interest with a channel, unless the core has it. Returns whether it was sent."""
        self._announced[channel] = self._hub.monotonic() + ANNOUNCED_S
        if channel in self._sent:
            return False
        if self._announcing is None:
            self._announcing = asyncio.ensure_future(self._announce())
        await asyncio.shield(self._announcing)
        return True

    async def _announce(self) -> None:
        """Send the channels that are announced within `GATHER_S`."""
        await asyncio.sleep(GATHER_S)
        self._announcing = None
        await self.refresh()

    async def refresh(self) -> None:
        """Send the interest if it has changed, or was sent long ago."""
        now = self._hub.monotonic()
        self._announced = {channel: until for channel, until in self._announced.items() if until > now}
        wanted = frozenset((*self._hub.conflated_channels(), *self._announced))
        if wanted != self._sent or now - self._sent_at >= INTEREST_S:
            self._sent, self._sent_at = wanted, now
            await self._send(InterestMessage(self._name, sorted(wanted)).encode())
