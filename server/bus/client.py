"""The client of NATS, whose tasks end with its connection."""

from nats.aio.client import Client


class BusClient(Client):
    """A `nats.aio.client.Client` that ends cleanly when its connection breaks with unsent messages.

    nats-py 2.16 tries to send them while it closes. That fails on a broken connection, and then it leaves its socket
    open and its tasks running, and calls no callback.
    """

    async def _close(self, status: int, do_cbs: bool = True) -> None:
        try:
            await super()._close(status, do_cbs)
        except OSError:
            self._pending = []
            self._pending_data_size = 0
            self._status = Client.DISCONNECTED
            await super()._close(status, do_cbs)
