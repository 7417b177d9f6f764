"""Query parameters of the symbol search and of history."""

from typing import Annotated

from pydantic import Field

from engine.models.common import WireModel
from engine.models.market.bars import Resolution


class SearchQuery(WireModel):
    """Query of `GET /search`; an empty filter matches every symbol."""

    user_input: Annotated[str, Field(max_length=64)] = ""
    exchange: Annotated[str, Field(max_length=64)] = ""
    symbol_type: Annotated[str, Field(max_length=64)] = ""
    max_results: Annotated[int, Field(ge=1, le=500)] = 30


class BarsQuery(WireModel):
    """Query of `GET /bars`. Times are seconds, or milliseconds when above 1e11; `to_time` is exclusive.

    `count_back` overrides `from_time`. Without a range and a count the answer has the newest 300 bars.
    """

    symbol: Annotated[str, Field(min_length=1, max_length=64)]
    resolution: Resolution
    from_time: Annotated[int | None, Field(ge=0, le=10**15)] = None
    to_time: Annotated[int | None, Field(ge=0, le=10**15)] = None
    count_back: Annotated[int | None, Field(ge=1, le=5000)] = None
