"""The registration of the core: its record, the catalogue, and the name by which edges find the history.

The record is written again every few seconds, because an edge that starts needs the newest scenarios, and because a
server of NATS may have lost it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nats.js import JetStreamContext
from nats.js.api import KeyValueConfig, StorageType
from nats.js.errors import BadRequestError, NotFoundError
from nats.js.kv import KeyValue

from handlers.services import Services
from server import VERSION
from server.bus.messages import ClockReading
from server.bus.names import CATALOGUE_KEY, CORE_KEY, DIRECTORY_BUCKET, BusNames
from server.bus.outbox import Outbox
from server.bus.record import CoreRecord, encode_history
from server.settings import Settings

REFRESH_S = 2.0
"""Time between two writes of the record."""

MARKET_SETTINGS = ("seed", "sessions", "tick_ms", "speed", "control")
"""Settings that an edge takes from the core."""


@dataclass(frozen=True, slots=True)
class Registration:
    """Writes the core's record into its bucket, and its history into the directory.

    Args:
        settings: Settings of the core.
        services: The services of the main world.
        outbox: Knows the position and the stream.
        clock: Reads the clock.
    """

    settings: Settings
    services: Services
    outbox: Outbox
    clock: Callable[[], ClockReading]

    async def run(self, jetstream: JetStreamContext, address: str) -> None:
        """Write the record at once and then again and again. Raises: nats.errors.Error, TimeoutError."""
        names = BusNames(self.outbox.epoch)
        bucket = await open_bucket(jetstream, names.bucket)
        if self.settings.instruments is not None:
            await bucket.put(CATALOGUE_KEY, await asyncio.to_thread(Path(self.settings.instruments).read_bytes))
        await bucket.put(CORE_KEY, await self.record(address))
        directory = await open_bucket(jetstream, DIRECTORY_BUCKET)
        await directory.put(self.settings.bus_name, encode_history(names.history))
        while True:
            await asyncio.sleep(REFRESH_S)
            await bucket.put(CORE_KEY, await self.record(address))

    async def record(self, address: str) -> bytes:
        """Return the record as JSON, with no scenario that is not durable."""
        while (settled := self.services.publisher.settled()) is not None:
            await settled
        market = self.services.engine.market
        values = self.settings.model_dump(mode="json", include=set(MARKET_SETTINGS)) | {"feed": market.kind}
        has_own_time = self.settings.control or self.settings.speed != 1 or self.settings.start is not None
        return CoreRecord(
            address,
            VERSION,
            self.outbox.epoch,
            self.outbox.acknowledged,
            self.outbox.acknowledged_seq,
            self.settings.modules,
            values,
            self.settings.instruments is not None,
            self.clock() if has_own_time or not market.is_synthetic else None,
            market.journaled.listed(),
        ).encode()


async def open_bucket(jetstream: JetStreamContext, name: str) -> KeyValue:
    """Return a key-value bucket, created if missing. Raises: nats.errors.Error, TimeoutError."""
    try:
        return await jetstream.key_value(name)
    except NotFoundError:
        try:
            return await jetstream.create_key_value(KeyValueConfig(bucket=name, storage=StorageType.FILE))
        except BadRequestError:  # another core has just created it
            return await jetstream.key_value(name)
