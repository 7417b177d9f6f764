"""The answers of market data as models, for the OpenAPI document of the dialect; see `models.py`."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from handlers.alpaca.models import Time


class Bar(BaseModel):
    """A bar; `n` is 0 and `vw` the mean of high, low and close."""

    t: Time
    o: float
    h: float
    l: float  # noqa: E741 - Alpaca's name
    c: float
    v: float
    n: int
    vw: float


class Quote(BaseModel):
    """A quote; the last four fields are those of stocks."""

    t: Time
    bp: float
    bs: float
    ap: float
    as_: Annotated[float, Field(alias="as")]
    bx: str | None = None
    ax: str | None = None
    c: list[str] | None = None
    z: str | None = None


class Trade(BaseModel):
    """A price of the market as a trade; `tks` belongs to crypto pairs, the last three fields to stocks."""

    t: Time
    p: float
    s: float
    i: int
    tks: Literal["B", "S"] | None = None
    x: str | None = None
    c: list[str] | None = None
    z: str | None = None


class Level(BaseModel):
    """A price of the order book and its size."""

    p: float
    s: float


class Book(BaseModel):
    """An order book, the best price first."""

    t: Time
    b: list[Level]
    a: list[Level]


class Snapshot(BaseModel):
    """Newest trade, quote and bars of a symbol; parts without a price are left out."""

    latestTrade: Trade | None = None
    latestQuote: Quote | None = None
    minuteBar: Bar | None = None
    dailyBar: Bar | None = None
    prevDailyBar: Bar | None = None


class SymbolSnapshot(Snapshot):
    """The snapshot of one symbol."""

    symbol: str


class BarsPage(BaseModel):
    """Bars by symbol."""

    bars: dict[str, list[Bar]]
    next_page_token: str | None


class QuotesPage(BaseModel):
    """Quotes by symbol."""

    quotes: dict[str, list[Quote]]
    next_page_token: str | None


class TradesPage(BaseModel):
    """Trades by symbol."""

    trades: dict[str, list[Trade]]
    next_page_token: str | None


class SymbolBarsPage(BaseModel):
    """Bars of one symbol."""

    symbol: str
    bars: list[Bar]
    next_page_token: str | None


class SymbolQuotesPage(BaseModel):
    """Quotes of one symbol."""

    symbol: str
    quotes: list[Quote]
    next_page_token: str | None


class SymbolTradesPage(BaseModel):
    """Trades of one symbol."""

    symbol: str
    trades: list[Trade]
    next_page_token: str | None


class LatestBars(BaseModel):
    """Newest bars by symbol."""

    bars: dict[str, Bar]


class LatestQuotes(BaseModel):
    """Newest quotes by symbol."""

    quotes: dict[str, Quote]


class LatestTrades(BaseModel):
    """Newest trades by symbol."""

    trades: dict[str, Trade]


class LatestBooks(BaseModel):
    """Order books by symbol."""

    orderbooks: dict[str, Book]


class LatestBar(BaseModel):
    """Newest bar of one symbol."""

    symbol: str
    bar: Bar


class LatestQuote(BaseModel):
    """Newest quote of one symbol."""

    symbol: str
    quote: Quote


class LatestTrade(BaseModel):
    """Newest trade of one symbol."""

    symbol: str
    trade: Trade


class CryptoSnapshots(BaseModel):
    """Snapshots of crypto pairs by symbol."""

    snapshots: dict[str, Snapshot]
