"""The clock of a world over REST."""

from handlers.control.base import ControlHandler


class ClockHandler(ControlHandler):
    """`/clock`."""

    def get(self) -> None:
        """Show market time and how it moves."""
        self.reply(self.control.clock.state())
