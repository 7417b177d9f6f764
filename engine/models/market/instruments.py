"""Instruments: the catalogue entry with its integer scales, and TradingView's symbol shapes on the wire.

Broker and market share the value `Instrument`. A price is an integer in units of `1 / pricescale`, a quantity an
integer in units of `1 / qty_scale`. `to_price` and `to_qty` read client numbers, `price_out` and `qty_out` write them.
"""

import math
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema, field_validator, model_validator

from engine.models.common import Name, WireModel
from engine.models.market.grid import TickBand, TickGrid, read_bands

MONEY_SCALE = 10**10
"""Money units in one unit of a currency: one price unit of one quantity unit of BTCUSD is a whole number."""

RESOLUTIONS = ("1", "3", "5", "15", "30", "60", "240", "1D", "1W", "1M")
"""Resolutions that the market serves, in TradingView's spelling: minutes as a number, then day, week, month."""

RESOLUTION_MINUTES = {one: int(one) for one in RESOLUTIONS if one.isdigit()}
"""Minutes in a bar of each intraday resolution; bars of the others are made of days."""

RESOLUTION_ALIASES = {"D": "1D", "W": "1W", "M": "1M"}

ABSOLUTE_TOLERANCE = 1e-6
RELATIVE_TOLERANCE = 8e-16

MIN_SPREADS = 20
"""The synthetic market's anchor price is at least so many spreads above 0."""

MAX_DECIMALS = 26
"""Decimals of 1/2**26, the finest price unit that has an exact decimal number."""

INEXACT_DECIMALS = 4
"""Decimals beyond the digits of a price scale that divides no power of ten."""

MAX_UNITS = 10**15
"""Upper bound of prices and quantities in units, so that each of them is exact as a float."""


def to_units(value: float, scale: int) -> int | None:
    """Return a client's decimal number as an integer in units of `1 / scale`, None when it is not a multiple of that.

    Accepted when `|value * scale - n| <= max(1e-6, 8e-16 * |n|)`. Source: the money rule in docs/trading.md.
    """
    scaled = value * scale
    units = round(scaled)
    is_near = abs(scaled - units) <= max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * abs(units))
    return units if is_near else None


def scale_of(step: Decimal) -> int:
    """Return the power of ten that makes `step` a whole number (1000 -> 1, 0.01 -> 100)."""
    exponent = step.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return int(10 ** max(0, -exponent))


class CatalogueModel(WireModel):
    """Base of the parts of a catalogue entry: none of their values is a boolean, and true is not taken for 1."""

    @field_validator("*", mode="before")
    @classmethod
    def _is_not_boolean(cls, value: object) -> object:
        if isinstance(value, bool):
            raise ValueError("must not be a boolean")
        return value


class QtyRange(CatalogueModel):
    """Quantity range and step of an instrument, in its natural unit."""

    min: Annotated[Decimal, Field(gt=0)]
    max: Annotated[Decimal, Field(gt=0)]
    step: Annotated[Decimal, Field(gt=0)]


class PriceBand(CatalogueModel):
    """Limits of an order's price as factors of the reference price, by side.

    Source: Binance's PERCENT_PRICE_BY_SIDE filter.
    """

    buy_up: Annotated[Decimal, Field(gt=0)] = Decimal(100)
    buy_down: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    sell_up: Annotated[Decimal, Field(gt=0)] = Decimal(100)
    sell_down: Annotated[Decimal, Field(ge=0)] = Decimal(0)


class Instrument(CatalogueModel):
    """One catalogue entry; the derived integer scales are computed once.

    Attributes:
        session: Exchange hours in TradingView's notation, e.g. "0930-1600"; "24x7" where the market never closes.
        holidays, corrections: Days without trading and days with other hours, in TradingView's notation.
        pricescale: Price units in one unit of the quote currency; a price unit is `1 / pricescale`.
        minmov: Price units in one tick.
        variable_tick: TradingView's variable tick size ("0.01 10 0.02 25 0.05"), or None; ticks are multiples of
            `minmov`.
        min_notional, max_notional: Smallest and largest value of an order, in the account's currency.
        band: Limits of an order's price around the market; None is no limit.
        trigger: Which price triggers stop orders: the last price, or the side that would fill (bid for a sell).
        displayed_size: Quantity shown at the best bid and ask; None means unlimited.
        anchor, volatility, daily_volume: Means of the synthetic market: a price, the yearly volatility as a fraction, a
            quantity per day.
        spread_ticks: Ticks between bid and ask of the synthetic and the replayed market.
    """

    name: Name
    description: str
    type: Literal["stock", "forex", "crypto", "futures", "cfd", "index"]
    exchange: Name
    timezone: str
    session: str
    holidays: str = ""
    corrections: str = ""
    currency: str
    base_currency: str | None = None
    pricescale: Annotated[int, Field(ge=1, le=10**8)]
    minmov: Annotated[int, Field(ge=1)] = 1
    variable_tick: str | None = None
    volume_precision: Annotated[int, Field(ge=0, le=8)] = 0
    qty: QtyRange
    pip_size: Decimal
    lot_size: Decimal = Decimal(1)
    point_value: Annotated[int, Field(ge=1)] = 1
    margin_rate: Annotated[float, Field(gt=0, le=1)]
    trigger: Literal["last", "bid_ask"]
    displayed_size: Annotated[Decimal, Field(gt=0)] | None = None
    min_notional: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    max_notional: Annotated[int, Field(gt=0)] = 500_000_000
    band: PriceBand | None = None
    anchor: Decimal
    volatility: Annotated[float, Field(gt=0, le=5)]
    daily_volume: Annotated[int, Field(gt=0)]
    spread_ticks: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _money_is_exact(self) -> "Instrument":
        if MONEY_SCALE * self.point_value % (self.pricescale * self.qty_scale):
            raise ValueError(f"{self.name}: price and quantity steps are finer than the smallest unit of money")
        if self.qty.min % self.qty.step or self.qty.max % self.qty.step or self.qty.max < self.qty.min:
            raise ValueError(f"{self.name}: quantity range is not a range of whole steps")
        if not self.has_room(float(self.anchor)):
            raise ValueError(f"{self.name}: anchor is not between {MIN_SPREADS} spreads and {MAX_UNITS} price units")
        if self.daily_volume * self.qty_scale > MAX_UNITS:
            raise ValueError(f"{self.name}: daily_volume is more than {MAX_UNITS} quantity units")
        return self

    def has_room(self, price: float, spread_ticks: int | None = None) -> bool:
        """Whether a synthetic market can revert to a price (in the quote currency): far from 0, exact as a float."""
        units = price * self.pricescale
        ticks = self.spread_ticks if spread_ticks is None else spread_ticks
        return units <= MAX_UNITS and self.grid.place(round(units)) >= MIN_SPREADS * (ticks + 1)

    @cached_property
    def grid(self) -> TickGrid:
        """The prices that it can have."""
        if self.variable_tick is None:
            return TickGrid((TickBand(0, self.minmov),))
        return TickGrid(read_bands(self.variable_tick, self.pricescale, self.minmov))

    @property
    def tick_text(self) -> str:
        """Tick sizes as text for messages."""
        return self.variable_tick or f"{self.minmov / self.pricescale:.10g}"

    @cached_property
    def qty_scale(self) -> int:
        """Quantity units in one natural unit."""
        return max(scale_of(self.qty.step), scale_of(self.qty.min))

    @cached_property
    def qty_step(self) -> int:
        """Quantity units in one step."""
        return int(self.qty.step * self.qty_scale)

    @cached_property
    def qty_bounds(self) -> tuple[int, int]:
        """Smallest and largest quantity of an order, in quantity units."""
        return int(self.qty.min * self.qty_scale), int(self.qty.max * self.qty_scale)

    @cached_property
    def value_bounds(self) -> tuple[int, int]:
        """Smallest and largest value of an order, in money units of the account's currency."""
        return math.ceil(self.min_notional * MONEY_SCALE), self.max_notional * MONEY_SCALE

    @cached_property
    def money_factor(self) -> int:
        """Money units of the instrument's currency in the value of one price unit of one quantity unit."""
        return MONEY_SCALE * self.point_value // (self.pricescale * self.qty_scale)

    @cached_property
    def displayed_units(self) -> int | None:
        """Quantity units shown at the best bid and ask; None where the displayed size is unlimited."""
        return None if self.displayed_size is None else int(self.displayed_size * self.qty_scale)

    @cached_property
    def price_decimals(self) -> int:
        """Decimals that write every price exactly: 2 for 1/100, 5 for 1/32. No number of them is exact for 1/3."""
        exact = (decimals for decimals in range(MAX_DECIMALS + 1) if 10**decimals % self.pricescale == 0)
        return next(exact, len(str(self.pricescale)) + INEXACT_DECIMALS)

    @cached_property
    def full_name(self) -> str:
        """Name with the exchange ("NASDAQ:AAPL")."""
        return f"{self.exchange}:{self.name}"

    def to_price(self, value: float) -> int | None:
        """Read a price; None where it is finer than a price unit."""
        return to_units(value, self.pricescale)

    def to_qty(self, value: float) -> int | None:
        """Read a quantity; None where it is finer than a quantity unit."""
        return to_units(value, self.qty_scale)

    def price_out(self, units: int) -> float:
        """Write a price as a JSON number."""
        return units / self.pricescale

    def qty_out(self, units: int) -> float:
        """Write a quantity as a JSON number."""
        return units / self.qty_scale


class SearchQuery(WireModel):
    """Query of `GET /search`; an empty filter matches every symbol."""

    user_input: Annotated[str, Field(max_length=64)] = ""
    exchange: Annotated[str, Field(max_length=64)] = ""
    symbol_type: Annotated[str, Field(max_length=64)] = ""
    max_results: Annotated[int, Field(ge=1, le=500)] = 30


class SearchSymbolResultItem(WireModel):
    """One row of a symbol search; `ticker` is the plain name. Source: TradingView, SearchSymbolResultItem."""

    symbol: str
    full_name: str
    description: str
    exchange: str
    ticker: str
    type: str


VariableTick = Annotated[
    str | None,
    Field(exclude_if=lambda value: value is None, json_schema_extra=lambda schema: schema.pop("default", None)),
    WithJsonSchema({"type": "string"}),
]
"""TradingView's variable tick size. The field is absent without one: TradingView reads null as a tick size."""


class LibrarySymbolInfo(WireModel):
    """A resolved symbol; `ticker` is the plain name: TradingView allows no exchange in it. Source: TradingView."""

    name: str
    full_name: str
    ticker: str
    description: str
    type: str
    session: str
    session_holidays: str
    corrections: str
    exchange: str
    listed_exchange: str
    timezone: str
    format: Literal["price", "volume"]
    pricescale: int
    minmov: int
    variable_tick_size: VariableTick = None
    has_intraday: bool
    intraday_multipliers: list[str]
    has_daily: bool
    daily_multipliers: list[str]
    has_weekly_and_monthly: bool
    supported_resolutions: list[str]
    volume_precision: int
    data_status: Literal["streaming", "endofday", "delayed_streaming"]
    currency_code: str


class ResolveRequest(WireModel):
    """A request for the symbol infos of at most 500 names."""

    symbols: Annotated[list[Name], Field(max_length=500)]


class Exchange(WireModel):
    """An exchange filter of the symbol search."""

    value: str
    name: str
    desc: str


class SymbolType(WireModel):
    """A type filter of the symbol search."""

    name: str
    value: str


class DatafeedConfiguration(WireModel):
    """The supported features of the datafeed. Source: TradingView, DatafeedConfiguration."""

    exchanges: list[Exchange]
    symbols_types: list[SymbolType]
    supported_resolutions: list[str]
    supports_marks: bool
    supports_timescale_marks: bool
    supports_time: bool
    supports_search: bool = True
    supports_group_request: bool = False
