"""TradingView's Universal Data Feed protocol: queries and answers. Times are whole seconds.

Source: TradingView's UDF page and its published adapter. A refused query is answered with `{"s": "error", ...}`.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, RootModel

from engine.models.common import Name, WireModel
from engine.models.market.bars import Resolution
from engine.models.market.instruments import Exchange, LibrarySymbolInfo, SearchSymbolResultItem, SymbolType
from engine.models.market.quotes import QuoteData

Seconds = Annotated[int, AfterValidator(lambda value: min(max(value, 0), 10**10))]
"""Epoch seconds, limited to 1970 to 2286: charts request times long before and after all bars."""


class UdfSymbolQuery(WireModel):
    """Query of `/udf/symbols`."""

    symbol: Name


class UdfGroupQuery(WireModel):
    """Query of `/udf/symbol_info`: the exchange of the symbols; without it, all symbols."""

    group: Annotated[str, Field(max_length=64)] = ""


class UdfSearchQuery(WireModel):
    """Query of `/udf/search`."""

    query: Annotated[str, Field(max_length=64)] = ""
    type: Annotated[str, Field(max_length=64)] = ""
    exchange: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 30


class UdfHistoryQuery(WireModel):
    """Query of `/udf/history`: `to` is exclusive, `countback` overrides `from`."""

    symbol: Name
    resolution: Resolution
    from_: Annotated[Seconds, Field(alias="from")] = 0
    to: Seconds
    countback: Annotated[int, Field(ge=0), AfterValidator(lambda count: min(count, 5000))] | None = None


class UdfQuotesQuery(WireModel):
    """Query of `/udf/quotes`: names, comma-separated."""

    symbols: Annotated[str, Field(min_length=1, max_length=1024)]


class UdfMarksQuery(WireModel):
    """Query of `/udf/marks` and `/udf/timescale_marks`; both ends are inclusive."""

    symbol: Name
    from_: Annotated[Seconds, Field(alias="from")]
    to: Seconds
    resolution: str = "1D"


class UdfConfig(WireModel):
    """The supported features of the feed."""

    supports_search: bool
    supports_group_request: bool
    supports_marks: bool
    supports_timescale_marks: bool
    supports_time: bool
    supported_resolutions: list[str]
    exchanges: list[Exchange]
    symbols_types: list[SymbolType]


class UdfSymbol(LibrarySymbolInfo):
    """A resolved symbol with the protocol's other field names beside those of LibrarySymbolInfo."""

    minmovement: int
    exchange_listed_name: str
    minmove2: int
    fractional: bool


UdfSymbolColumns = dict[str, list[str] | list[int] | list[bool] | list[list[str]]]
"""Symbols as columns of one length, under the protocol's names (`symbol`, `exchange_listed_name`, ...)."""


class UdfError(WireModel):
    """A refused query; `errmsg` is `unknown_symbol` for an unknown symbol."""

    s: Literal["error"]
    errmsg: str


class UdfHistory(WireModel):
    """Bars as columns, ascending. Without bars `s` is `no_data` and `nextTime` the time of the nearest older bar."""

    s: Literal["ok", "no_data"]
    t: list[int]
    o: list[float]
    h: list[float]
    l: list[float]  # noqa: E741
    c: list[float]
    v: list[float]
    nextTime: int | None


class UdfQuotes(WireModel):
    """Quotes of the requested names, in order."""

    s: Literal["ok"]
    d: list[QuoteData]


class UdfMark(WireModel):
    """A mark on a bar: one of the account's executions."""

    id: str
    time: int
    color: str
    text: str
    label: str
    labelFontColor: str
    minSize: int


class UdfTimescaleMark(WireModel):
    """A mark on the time axis: a day with exceptional trading hours."""

    id: str
    time: int
    color: str
    label: str
    tooltip: list[str]


class UdfSymbolReply(RootModel[UdfSymbol | UdfError]):
    """Answer of `/udf/symbols`."""


class UdfSymbolInfoReply(RootModel[UdfSymbolColumns | UdfError]):
    """Answer of `/udf/symbol_info`."""


class UdfSearchReply(RootModel[list[SearchSymbolResultItem] | UdfError]):
    """Answer of `/udf/search`."""


class UdfHistoryReply(RootModel[UdfHistory | UdfError]):
    """Answer of `/udf/history`."""


class UdfQuotesReply(RootModel[UdfQuotes | UdfError]):
    """Answer of `/udf/quotes`."""


class UdfMarksReply(RootModel[list[UdfMark] | UdfError]):
    """Answer of `/udf/marks`."""


class UdfTimescaleMarksReply(RootModel[list[UdfTimescaleMark] | UdfError]):
    """Answer of `/udf/timescale_marks`."""
