"""Notifications to systemd: ready, stopping, and keep-alive messages for its watchdog.

A state is a datagram to the socket in `$NOTIFY_SOCKET`; a leading "@" means the abstract namespace. The keep-alive
comes from the event loop, so that a blocked loop is noticed. Source: sd_notify(3).
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping


class Notifier:
    """Sends states to the service manager. Without `$NOTIFY_SOCKET` it does nothing."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        is_for_this_process = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        micros = environment.get("WATCHDOG_USEC", "")
        self._period_s = int(micros) / 2e6 if micros.isdigit() and is_for_this_process and address else 0.0
        self._timer: asyncio.TimerHandle | None = None

    def send(self, state: str) -> None:
        """Send a state such as "READY=1"; errors are ignored."""
        if self._address:
            with (
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender,
                contextlib.suppress(OSError),
            ):
                sender.sendto(state.encode(), self._address)

    def ready(self) -> None:
        """Send READY, and start the keep-alive messages if a watchdog is set."""
        self.send("READY=1\nSTATUS=serving")
        if self._period_s:
            self._keep_alive()

    def stopping(self) -> None:
        """Send STOPPING. The keep-alive goes on, so that a hang during the stop is noticed."""
        self.send("STOPPING=1\nSTATUS=stopping")

    def close(self) -> None:
        """Stop the keep-alive messages."""
        if self._timer is not None:
            self._timer.cancel()

    def _keep_alive(self) -> None:
        self.send("WATCHDOG=1")
        self._timer = asyncio.get_running_loop().call_later(self._period_s, self._keep_alive)
