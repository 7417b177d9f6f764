"""Quotes: the value that the broker trades on, and TradingView's QuoteData on the wire."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from engine.models.common import Name, TimeMs, WireModel


class Quote(NamedTuple):
    """The market of one symbol at one instant, in the instrument's exact units.

    `bid < last < ask` or `bid <= last <= ask`; sizes are quantity units, 0 where the displayed size is unlimited.
    `time_ms` is the instant the prices are from, never later than the instant that was asked for.
    """

    symbol: str
    time_ms: int
    bid: int
    ask: int
    last: int
    bid_size: int
    ask_size: int


class Print(NamedTuple):
    """What the orders that rest in a symbol meet at one instant.

    Attributes:
        quote: The market at that instant. A point of a bar's path is one price: bid, ask and last are the same, and the
            sizes are a share of the bar's volume.
        came_from: The price from which the market came here through every price between, in price units; None where it
            jumped, and in quotes.
        is_past: Whether the market has been there since the last look, rather than being there now: orders that came
            later do not meet it.
        is_bar: Whether it is a point of a bar's path: then there is no book behind it.
    """

    quote: Quote
    came_from: int | None = None
    is_past: bool = False
    is_bar: bool = False


class DayStats(NamedTuple):
    """The trading day of one symbol so far: price units, and volume in quantity units."""

    open: int
    high: int
    low: int
    prev_close: int
    volume: int


class QuoteValues(WireModel):
    """Values of a good quote. Source: TradingView, DatafeedQuoteValues."""

    lp: float
    ask: float
    bid: float
    spread: float
    open_price: float
    high_price: float
    low_price: float
    prev_close_price: float
    volume: float
    ch: float
    chp: float
    short_name: str
    exchange: str
    description: str
    original_name: str


class StaleQuoteValues(QuoteValues):
    """Values of a quote that is overdue; `stale` is for how many seconds."""

    stale: int


class HaltedQuoteValues(QuoteValues):
    """Values of a quote while trading is halted; `halted` is since when."""

    halted: TimeMs


class QuoteError(WireModel):
    """Values of a quote that cannot be given."""

    error: str


class QuoteData(WireModel):
    """One quote; `n` is the name that was asked for. Source: TradingView, QuoteData."""

    s: Literal["ok", "error"]
    n: str
    v: StaleQuoteValues | HaltedQuoteValues | QuoteValues | QuoteError


SymbolList = Annotated[list[Name], Field(max_length=500)]


class QuotesRequest(WireModel):
    """Quotes asked for over REST; at most 500 names."""

    symbols: SymbolList


class QuotesSubscriptionRequest(WireModel):
    """Names followed: `fast_symbols` at every tick, `symbols` at most once a minute; a name in both is fast."""

    symbols: SymbolList = []
    fast_symbols: SymbolList = []

    @model_validator(mode="after")
    def _not_both_empty(self) -> "QuotesSubscriptionRequest":
        if not self.symbols and not self.fast_symbols:
            raise ValueError("symbols and fast_symbols are both empty")
        return self
