"""A world: a market, a broker, a stream and a clock of its own, at an address of its own."""

from typing import Literal

from engine.models.common import WireModel


class World(WireModel):
    """A world that a caller made."""

    id: str
    object: Literal["world"]
