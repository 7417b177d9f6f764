"""The clock of a world over REST: show it, change mode and speed, move it forward."""

import re

from engine.models.control.clock import ClockAdvance, ClockChange
from handlers.control.base import ControlHandler
from handlers.errors import ApiError

MAX_WAIT_S = 300
PREFERENCE = re.compile(r"\s*wait\s*=\s*\"?([0-9]{1,6})\"?\s*")


class ClockHandler(ControlHandler):
    """`/clock`."""

    def get(self) -> None:
        """Show market time and how it moves."""
        self.reply(self.control.clock.state())

    def put(self) -> None:
        """Pause the clock, let it run, or change its speed."""
        self.control.clock.change(self.read(ClockChange))
        self.reply(self.control.clock.state())


class AdvanceHandler(ControlHandler):
    """`/clock/advance`."""

    async def post(self) -> None:
        """Move the clock forward: 202 at once, or 200 when that is done within `Prefer: wait=S`."""
        wait_s, clock = self._wait_s(), self.control.clock
        clock.advance(self.read(ClockAdvance))
        if not await clock.wait(wait_s):
            self.set_status(202)
        self.reply(clock.state())

    def _wait_s(self) -> int:
        """Return the seconds that the client wants to wait (RFC 7240). Raises: ApiError 400."""
        for part in re.split("[,;]", self.request.headers.get("Prefer", "")):
            if found := PREFERENCE.fullmatch(part):
                if int(found[1]) > MAX_WAIT_S:
                    raise ApiError(400, f"Prefer: wait is at most {MAX_WAIT_S} seconds")
                return int(found[1])
        return 0
