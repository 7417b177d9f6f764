"""The worlds of the process over REST."""

from handlers.control.base import ControlHandler


class WorldsHandler(ControlHandler):
    """`/worlds`."""

    def get(self) -> None:
        """List the worlds that callers made, oldest first."""
        self.reply(self.control.worlds.listed())
