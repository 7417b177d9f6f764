"""The external feed: prices that another program sends, tick by tick; minute bars are built from them.

A batch is taken as a whole or not at all. Bars are kept for a bounded time and in memory only: whoever sends the ticks
has the history. A symbol has no price before its first tick. Depth is what was sent, one level on each side.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from engine.errors import Denied, Reason
from engine.market.feeds.feed import NoPrice, Question
from engine.market.feeds.series import NO_BARS, Known, Series
from engine.market.sessions import MINUTE_MS, Calendar
from engine.models.market.bars import BarColumns, BarRow
from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import RESOLUTIONS, Instrument
from engine.models.market.quotes import DayStats, Quote
from engine.models.market.ticks import Tick

MAX_MINUTES = 14 * 1440
"""Minute bars kept of a symbol, up to twice as many at times; older ones are forgotten."""

FUTURE_MS = 1000
"""How far a tick may be ahead of the server's clock."""

OVERDUE_MS = 10_000
"""Without a tick for this long a price is old."""


class Minutes:
    """Minute bars as they come: at least the newest `MAX_MINUTES`, the last one still growing."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._rows = np.empty((6, 64), dtype=np.int64)
        self._count = 0
        self._series: Series | None = None

    def __len__(self) -> int:
        return self._count

    def trade(self, time_ms: int, price: int, size: int) -> None:
        """Add a trade to its minute; times never fall."""
        start_ms = time_ms - time_ms % MINUTE_MS
        if self._count and self._rows[0, self._count - 1] == start_ms:
            last = self._rows[:, self._count - 1]
            last[2:6] = max(int(last[2]), price), min(int(last[3]), price), price, int(last[5]) + size
            return
        if self._count == self._rows.shape[1]:
            kept = self._rows[:, max(0, self._count - MAX_MINUTES) :]
            self._rows = np.concatenate((kept, np.empty_like(kept)), axis=1)
            self._count = kept.shape[1]
        self._rows[:, self._count] = start_ms, price, price, price, price, size
        self._count += 1
        self._series = None

    def known(self) -> tuple[Series, Known]:
        """Return all minutes, and the newest one as it is; there is at least one."""
        if self._series is None:
            self._series = Series([row[: self._count] for row in self._rows], MINUTE_MS, self._calendar)
        newest = BarRow(*self._rows[:, self._count - 1].tolist())
        return self._series, Known(self._count - 1, newest)


class Book:
    """What is known of one symbol; prices in price units, sizes in quantity units.

    Attributes:
        quote: The newest prices, None before the first tick.
        is_live: Whether a tick has come; else the quote is one from before the start.
        opened_ms: When the first tick came since the market was closed, or since the start.
        minutes: Bars of the trades.
    """

    def __init__(self, instrument: Instrument, calendar: Calendar) -> None:
        self.instrument = instrument
        self.calendar = calendar
        self.quote: Quote | None = None
        self.is_live = False
        self.opened_ms = 0
        self._silence = (0, 0, False)
        self.minutes = Minutes(calendar)

    def known(self) -> tuple[Series, Known]:
        """Return the minutes so far, and the newest one. Raises: NoPrice when there was no trade."""
        if not self.minutes:
            raise NoPrice(self.instrument.name)
        return self.minutes.known()

    def is_open_since(self, start_ms: int) -> bool:
        """Whether a tick has come since the market opened that trades at `start_ms`, the open of a span of trading."""
        if not self.is_live or self.quote is None:
            return False
        if self.quote.time_ms >= start_ms:
            return True
        if self._silence[:2] != (self.quote.time_ms, start_ms):
            was_closed = self.calendar.is_closed_between(self.quote.time_ms, start_ms)
            self._silence = self.quote.time_ms, start_ms, was_closed
        return not self._silence[2]

    def take(self, tick: Tick, now_ms: int) -> None:
        """Let a checked tick happen."""
        if not self.is_open_since(self.calendar.session(tick.time)[0]):
            self.opened_ms = min(tick.time, now_ms)
        self.is_live = True
        price, size = (self._units(tick.price), self._size(tick.size))
        before = self.quote
        if price is None:
            price = before.last if before else self._units(tick.bid) or 0
        else:
            self.minutes.trade(tick.time, price, size)
        if tick.bid is not None:
            bid, ask = self._units(tick.bid) or price, self._units(tick.ask) or price
            sizes = self._size(tick.bid_size), self._size(tick.ask_size)
            self.quote = Quote(self.instrument.name, tick.time, bid, ask, min(max(price, bid), ask), *sizes)
        elif before is not None and before.bid <= price <= before.ask:
            self.quote = before._replace(time_ms=tick.time, last=price)
        else:
            # A trade outside the last quote: the quote is no longer true, the trade is all there is.
            self.quote = Quote(self.instrument.name, tick.time, price, price, price, 0, 0)

    def _units(self, value: float | None) -> int | None:
        return None if value is None else self.instrument.to_price(value)

    def _size(self, value: float | None) -> int:
        return 0 if value is None else self.instrument.to_qty(value) or 0


class ExternalFeed:
    """A `Feed` of ticks that are sent.

    Args:
        instruments: Whose ticks are taken, by canonical name.
        calendars: Trading days by symbol.
    """

    kind = "external"

    def __init__(self, instruments: Mapping[str, Instrument], calendars: Mapping[str, Calendar]) -> None:
        self._books = {name: Book(one, calendars[name]) for name, one in instruments.items()}

    def recall(self, quote: Quote) -> None:
        """Take a quote from before the start as the price until ticks come."""
        book = self._books.get(quote.symbol)
        if book is not None and not book.is_live and (book.quote is None or book.quote.time_ms < quote.time_ms):
            book.quote = quote

    def opening_ms(self, symbol: str, start_ms: int, now_ms: int) -> int:
        """Return when trading begins in a span that should open at `start_ms`: with the first tick since.

        While there is none, a moment after `now_ms`. Where the span before it ends when it begins nothing was closed.
        """
        book = self._books[symbol]
        if start_ms > now_ms:
            return start_ms
        return max(start_ms, book.opened_ms) if book.is_open_since(start_ms) else now_ms + 1

    def publish(self, ticks: Iterable[tuple[str, Tick]], now_ms: int) -> int:
        """Take ticks, each with its canonical symbol, or none of them; returns how many.

        Raises:
            Denied: BAD_PRICE_TICK, BAD_QTY_STEP, TICK_ORDER or MARKET_CLOSED, with the number of the tick from 0.
        """
        checked = list(ticks)
        newest = {name: book.quote.time_ms for name, book in self._books.items() if book.quote}
        for number, (symbol, tick) in enumerate(checked):
            book = self._books[symbol]
            fault = _fault(book, tick, newest.get(symbol, 0), now_ms)
            if fault is not None:
                raise Denied(fault[0], f"tick {number}, {symbol}: {fault[1]}; none was taken")
            newest[symbol] = tick.time
        for symbol, tick in checked:
            self._books[symbol].take(tick, now_ms)
        return len(checked)

    def resolutions(self, symbol: str) -> Sequence[str]:  # noqa: ARG002
        """Return all resolutions."""
        return RESOLUTIONS

    def overdue_ms(self, symbol: str, now_ms: int) -> int | None:
        """Return for how long no tick came, None for a fresh price, a closed market, or before the first tick."""
        book = self._books[symbol]
        if book.quote is None:
            return None
        silent_ms = book.calendar.known(now_ms) - book.quote.time_ms
        return silent_ms if silent_ms >= OVERDUE_MS else None

    def halted_since(self, symbol: str, now_ms: int) -> int | None:
        """Return `now_ms` until the first tick: without a price nothing trades, whatever waited for a restart."""
        return now_ms if self._books[symbol].quote is None else None

    def quote(self, symbol: str, now_ms: int) -> Quote:  # noqa: ARG002
        """Return the newest prices. Raises: NoPrice."""
        quote = self._books[symbol].quote
        if quote is None:
            raise NoPrice(symbol)
        return quote

    def depth(self, symbol: str, now_ms: int) -> Depth:
        """Return the best bid and ask. Raises: NoPrice."""
        quote = self.quote(symbol, now_ms)
        bids, asks = Level(quote.bid, quote.bid_size), Level(quote.ask, quote.ask_size)
        return Depth(symbol, quote.time_ms, (bids,), (asks,))

    def passed(self, symbol: str, since_ms: int, until_ms: int) -> None:  # noqa: ARG002
        """Return None: the newest quote is all that is kept."""
        return

    def day_stats(self, symbol: str, now_ms: int) -> DayStats:
        """Return the trading day of the newest trade. Raises: NoPrice."""
        book = self._books[symbol]
        if not book.minutes:
            last = self.quote(symbol, now_ms).last
            return DayStats(last, last, last, last, 0)
        series, known = book.known()
        return series.day_stats(known)

    def forming_bar(self, symbol: str, resolution: str, now_ms: int) -> BarRow:  # noqa: ARG002
        """Return the bar of the newest trade. Raises: NoPrice."""
        series, known = self._books[symbol].known()
        return series.forming_bar(resolution, known)

    def bars(self, symbol: str, resolution: str, from_ms: int, to_ms: int, now_ms: int) -> BarColumns:  # noqa: ARG002
        """Return the bars that start in `[from_ms, to_ms)`."""
        book = self._books[symbol]
        if not book.minutes:
            return NO_BARS
        series, known = book.known()
        return series.bars(resolution, from_ms, to_ms, known)

    def last_bars(self, symbol: str, resolution: str, count: int, to_ms: int, now_ms: int) -> BarColumns:  # noqa: ARG002
        """Return the newest `count` bars whose start is before `to_ms`."""
        book = self._books[symbol]
        if not book.minutes:
            return NO_BARS
        series, known = book.known()
        return series.last_bars(resolution, count, to_ms, known)

    def prepare(self, question: Question) -> Iterator[None]:  # noqa: ARG002
        """Return nothing to do: four weeks of minutes are joined in a few milliseconds."""
        return iter(())


def _fault(book: Book, tick: Tick, newest_ms: int, now_ms: int) -> tuple[Reason, str] | None:
    """Return what is wrong with a tick, None for a good one."""
    if tick.time < newest_ms:
        return Reason.TICK_ORDER, f"time {tick.time} is before {newest_ms}, that of the tick before it"
    if tick.time > now_ms + FUTURE_MS:
        return Reason.TICK_ORDER, f"time {tick.time} is after the server's, {now_ms}"
    start_ms, _ = book.calendar.session(tick.time)
    if tick.time < start_ms:
        return Reason.MARKET_CLOSED, f"time {tick.time} is outside the trading session"
    instrument = book.instrument
    for name in ("price", "bid", "ask"):
        value = getattr(tick, name)
        units = None if value is None else instrument.to_price(value)
        if value is not None and (units is None or not instrument.grid.has(units)):
            text = f"{name} {value:.10g} is not a multiple of {instrument.tick_text} above 0"
            return Reason.BAD_PRICE_TICK, text
    for name in ("size", "bid_size", "ask_size"):
        value = getattr(tick, name)
        if value is not None and (value < 0 or instrument.to_qty(value) is None):
            return Reason.BAD_QTY_STEP, f"{name} {value:.10g} is not a multiple of 1/{instrument.qty_scale} from 0 on"
    if tick.bid is not None and tick.ask is not None and tick.bid > tick.ask:
        return Reason.BAD_PRICE_TICK, f"bid {tick.bid:.10g} is above ask {tick.ask:.10g}"
    return None
