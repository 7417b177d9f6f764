"""The base of the control handlers."""

from collections.abc import Awaitable
from typing import ClassVar, Literal

from handlers.base import ApiHandler
from handlers.control.control import Control


class ControlHandler(ApiHandler):
    """Base of the control handlers; the routes exist only with `--control`."""

    needs: ClassVar[Literal["nothing", "token", "admin"]] = "admin"
    is_observed: ClassVar[bool] = False

    def prepare(self) -> Awaitable[None] | None:
        """Check the caller, and wait until the time without ticks is processed. Raises: as in `ApiHandler`."""
        super().prepare()
        return self.control.clock.catch_up()

    @property
    def control(self) -> Control:
        """Control of the world that the request names."""
        control = self.services.control
        assert control is not None
        return control
