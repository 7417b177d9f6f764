"""Ticks that a client sends to the external feed."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from engine.models.common import Name, Number, TimeMs, WireModel

MAX_TICKS = 200
"""Ticks in one request; with every field set they fit into the largest accepted body."""

_HAS_PRICE, _HAS_BID, _HAS_ASK = (
    JsonDict({"type": "object", "required": [name], "properties": {name: {"type": "number"}}})
    for name in ("price", "bid", "ask")
)
_ONE_OR_BOTH: JsonDict = {
    "not": {
        "anyOf": [
            {"not": {"anyOf": [_HAS_PRICE, _HAS_BID]}},
            {**_HAS_BID, "not": _HAS_ASK},
            {**_HAS_ASK, "not": _HAS_BID},
        ]
    }
}
"""JSON schema of the rule that the validator of `Tick` checks.

It is below `not`: generators of clients ignore that, and cannot read it as `anyOf`.
"""


class Tick(WireModel):
    """A trade, a quote, or both, of one symbol at one instant (epoch milliseconds).

    A trade is a `price` with its `size`; a quote is `bid` and `ask`, with sizes where they are known.
    """

    model_config = ConfigDict(json_schema_extra=_ONE_OR_BOTH)

    symbol: Name
    time: TimeMs
    price: Number | None = None
    size: Number | None = None
    bid: Number | None = None
    ask: Number | None = None
    bid_size: Number | None = None
    ask_size: Number | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Tick":
        if (self.bid is None) != (self.ask is None):
            raise ValueError("bid and ask come together")
        if self.price is None and self.bid is None:
            raise ValueError("a tick has a price, or bid and ask")
        return self


class TicksRequest(WireModel):
    """Ticks in order of time; all of them are accepted, or none."""

    ticks: Annotated[list[Tick], Field(min_length=1, max_length=MAX_TICKS)]


class PublishResponsePayload(WireModel):
    """Answer to ticks on a socket; `code` is the broken rule of a refused batch, of which no tick was accepted."""

    status: Literal["ok", "error"]
    message: str
    accepted: int
    code: str | None


class TicksReply(WireModel):
    """Number of accepted ticks."""

    accepted: int
