"""Quotes: the prices that the broker trades on, and TradingView's QuoteData on the wire."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from engine.models.common import Name, TimeMs, WireModel

PRINT_MS = 200
"""Milliseconds between two prints of the synthetic market; its quotes, book sizes and scenarios lie on this grid."""


class Quote(NamedTuple):
    """Prices and sizes of one symbol at one instant, in price and quantity units.

    Attributes:
        time_ms: Instant of the prices, at or before the requested instant.
        last: Price of the last trade; it may be outside of bid and ask.
        bid_size, ask_size: Displayed quantities: 0 is nothing to take, None is not told and does not limit.
        is_traded: Whether there was a trade. Without one, `last` is the middle of bid and ask.
    """

    symbol: str
    time_ms: int
    bid: int
    ask: int
    last: int
    bid_size: int | None
    ask_size: int | None
    is_traded: bool = True


class Print(NamedTuple):
    """One quote, or one price of a bar, against which resting orders are matched.

    Attributes:
        quote: The market at that instant. For a price of a bar, bid, ask and last are equal and the sizes are a part of
            the bar's volume.
        came_from: The previous price of the same bar, in price units; the market passed every price between the two.
            None for the first price of a bar and for quotes.
        is_past: Whether the print happened between two ticks; orders that arrived after it are not matched against it.
        is_bar: Whether it is a price of a bar; then there is no order book behind it.
    """

    quote: Quote
    came_from: int | None = None
    is_past: bool = False
    is_bar: bool = False


class Band(NamedTuple):
    """A band of prices in price units; both edges are outside of it."""

    low: int
    high: int

    def within(self, other: "Band") -> "Band":
        """Return the part that is also in another band."""
        return Band(max(self.low, other.low), min(self.high, other.high))

    def has(self, price: int) -> bool:
        """Whether a price is inside."""
        return self.low < price < self.high


class QuoteBands(NamedTuple):
    """A band for each price of a quote."""

    bid: Band
    ask: Band
    last: Band

    def within(self, other: "QuoteBands") -> "QuoteBands":
        """Return the parts that are also in other bands."""
        return QuoteBands(*(one.within(their) for one, their in zip(self, other, strict=True)))

    def have(self, quote: Quote) -> bool:
        """Whether all prices of a quote are inside."""
        return self.bid.has(quote.bid) and self.ask.has(quote.ask) and self.last.has(quote.last)


NO_PRICE_LIMIT = 1 << 62
ANY_PRICE = Band(-NO_PRICE_LIMIT, NO_PRICE_LIMIT)
"""The band that contains every price."""

NO_PRICE = Band(NO_PRICE_LIMIT, -NO_PRICE_LIMIT)
"""The empty band: every price is outside of it."""

ANY_QUOTE = QuoteBands(ANY_PRICE, ANY_PRICE, ANY_PRICE)
NO_QUOTE = QuoteBands(NO_PRICE, NO_PRICE, NO_PRICE)


class DayStats(NamedTuple):
    """Statistics of the current trading day so far, in price units; volume in quantity units."""

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
    """Values of an overdue quote; `stale` is the number of seconds without a new price."""

    stale: int


class UntradedQuoteValues(QuoteValues):
    """Values of a quote before the first trade: `lp` is the middle of bid and ask."""

    untraded: bool


class StaleUntradedQuoteValues(StaleQuoteValues):
    """Values of an overdue quote before the first trade: `lp` is the middle of bid and ask."""

    untraded: bool


class HaltedQuoteValues(QuoteValues):
    """Values of a quote while trading is halted; `halted` is the begin of the halt."""

    halted: TimeMs


class QuoteError(WireModel):
    """Values of a quote without a price."""

    error: str


class QuoteData(WireModel):
    """One quote; `n` is the requested name. Source: TradingView, QuoteData."""

    s: Literal["ok", "error"]
    n: str
    v: StaleUntradedQuoteValues | UntradedQuoteValues | StaleQuoteValues | HaltedQuoteValues | QuoteValues | QuoteError


SymbolList = Annotated[list[Name], Field(max_length=500)]


class QuotesRequest(WireModel):
    """A request for quotes of at most 500 names."""

    symbols: SymbolList


class QuoteDataSubscriptionRequest(WireModel):
    """Subscription to quotes: `fast_symbols` at every tick, `symbols` at most once a minute; fast is preferred."""

    symbols: SymbolList = []
    fast_symbols: SymbolList = []

    @model_validator(mode="after")
    def _not_both_empty(self) -> "QuoteDataSubscriptionRequest":
        if not self.symbols and not self.fast_symbols:
            raise ValueError("symbols and fast_symbols are both empty")
        return self
