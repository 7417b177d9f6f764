"""The client of NATS, whose tasks end with its connection."""

from nats.aio.client import Client


class BusClient(Client):
    """A `nats.aio.client.Client` that ends cleanly when its connection breaks with unsent messages.

    nats-py 2.16 tries to send them while it closes. That fails on a broken connection, and then it leaves its tasks
    running and calls no callback.
    """

    async def _process_op_err(self, e: Exception) -> None:
        self._pending = []
        self._pending_data_size = 0
        await super()._process_op_err(e)
