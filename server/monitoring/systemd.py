"""Talks to systemd: ready, stopping, and a sign of life from the event loop for its watchdog.

Source: sd_notify(3); a datagram to the socket that `$NOTIFY_SOCKET` names, "@" standing for the abstract namespace.
"""

import asyncio
import os
import socket
from collections.abc import Mapping


class Notifier:
    """Sends states to the service manager; without one it does nothing."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        is_for_us = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        micros = environment.get("WATCHDOG_USEC", "")
        self._period_s = int(micros) / 2e6 if micros.isdigit() and is_for_us else 0.0
        self._timer: asyncio.TimerHandle | None = None

    def send(self, state: str) -> None:
        """Send a state such as "READY=1"; a manager that is gone is no error of ours."""
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.setblocking(False)
            try:
                sender.sendto(state.encode(), self._address)
            except OSError:
                return

    def ready(self) -> None:
        """Say that the server serves, and from now on that its loop turns."""
        self.send("READY=1\nSTATUS=serving")
        if self._period_s and self._address:
            self._beat()

    def stopping(self) -> None:
        """Say that it stops; the watchdog goes on, so that a hang in the stop is seen too."""
        self.send("STOPPING=1\nSTATUS=stopping")

    def close(self) -> None:
        """Send no more signs of life."""
        if self._timer is not None:
            self._timer.cancel()

    def _beat(self) -> None:
        self.send("WATCHDOG=1")
        self._timer = asyncio.get_running_loop().call_later(self._period_s, self._beat)
