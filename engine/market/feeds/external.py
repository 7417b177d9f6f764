"""The external feed: prices that a client sends tick by tick; minute bars are built from the trades.

A batch of ticks is accepted as a whole or not at all. Resting orders meet every accepted tick in the order of the
batches, whatever its time. Only the newest bars are kept, in memory; the client has the history. A symbol has no price
before its first tick. Depth is the last bid and ask, one level on each side.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from engine.errors import Denied, Reason
from engine.market.feeds.feed import Feed, FeedInstant, NoPrice, Path, Position
from engine.market.feeds.stored_bars import TIME, NewestRow, StoredBars, StoredBarsFeed
from engine.market.sessions import MINUTE_MS, Calendar
from engine.models.market.bars import BarRow
from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import DayStats, Print, Quote
from engine.models.market.ticks import Tick

MAX_MINUTES = 14 * 1440
"""Minute bars kept of a symbol; older ones are dropped when there are twice as many."""

MAX_AHEAD_MS = 1000
"""Largest time that a tick may be ahead of the server's clock."""

OVERDUE_MS = 10_000
"""Trading time without a tick after which a price is overdue."""


MAX_PRINTS = 256
"""Ticks of a symbol between two ticks of the server against which orders are matched; the newest are kept."""


class AcceptedTick(NamedTuple):
    """An accepted tick.

    Attributes:
        number: Counts the accepted ticks of all symbols, from 1.
        time_ms: Market time of its acceptance in epoch milliseconds; the tick's own time may be another.
        before: The quote before it, None for the first tick of its symbol.
        quote: The quote after it.
    """

    number: int
    time_ms: int
    before: Quote | None
    quote: Quote


class MinuteBars:
    """Minute bars built from trades: at least the newest `MAX_MINUTES`, the last one unfinished."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._rows = np.empty((6, 64), dtype=np.int64)
        self._count = 0
        self._bars: StoredBars | None = None

    def __len__(self) -> int:
        return self._count

    def add_trade(self, time_ms: int, price: int, size: int) -> None:
        """Add a trade to its minute; times are ascending."""
        start_ms = time_ms - time_ms % MINUTE_MS
        if self._count and self._rows[TIME, self._count - 1] == start_ms:
            last = self._rows[:, self._count - 1]
            last[2:6] = max(int(last[2]), price), min(int(last[3]), price), price, int(last[5]) + size
            return
        if self._count == self._rows.shape[1]:
            kept = self._rows[:, max(0, self._count - MAX_MINUTES) :]
            self._rows = np.concatenate((kept, np.empty_like(kept)), axis=1)
            self._count = kept.shape[1]
        self._rows[:, self._count] = start_ms, price, price, price, price, size
        self._count += 1
        self._bars = None

    def stored(self) -> tuple[StoredBars, NewestRow]:
        """Return all minutes, at least one, and the newest so far."""
        if self._bars is None:
            self._bars = StoredBars(self._rows[:, : self._count], MINUTE_MS, self._calendar)
        newest = BarRow(*self._rows[:, self._count - 1].tolist())
        return self._bars, NewestRow(self._count - 1, newest)


class ExternalInstrument(StoredBarsFeed):
    """The feed of one instrument.

    Attributes:
        last_quote: None before the first tick.
        accepted: The newest ticks, oldest first.
    """

    def __init__(self, instrument: Instrument, calendar: Calendar) -> None:
        super().__init__(instrument, calendar, 0)
        self.last_quote: Quote | None = None
        self.accepted: deque[AcceptedTick] = deque(maxlen=MAX_PRINTS)
        self._has_ticks = False
        self._opened_ms = 0
        self._is_closed_between = lru_cache(1)(calendar.is_closed_between)
        self._minutes = MinuteBars(calendar)

    def overdue_ms(self, now_ms: int) -> int | None:
        """Return the trading time without a tick; None for a fresh price and before the first tick."""
        if self.last_quote is None:
            return None
        silent_ms = self.calendar.last_traded_ms(now_ms) - self.last_quote.time_ms
        return silent_ms if silent_ms >= OVERDUE_MS else None

    def halted_since(self, now_ms: int) -> int | None:
        """Return `now_ms` before the first tick: no order trades without a price."""
        return now_ms if self.last_quote is None else None

    def quote(self, now_ms: int) -> Quote:  # noqa: ARG002
        """Return the newest quote. Raises: NoPrice before the first tick."""
        if self.last_quote is None:
            raise NoPrice(self.instrument.name)
        return self.last_quote

    def book(self, quote: Quote) -> Depth:
        """Return the bid and ask of a quote."""
        bid, ask = Level(quote.bid, quote.bid_size), Level(quote.ask, quote.ask_size)
        return Depth(quote.symbol, quote.time_ms, (bid,), (ask,))

    def day_stats(self, now_ms: int) -> DayStats:
        """Return statistics of the trading day of the newest trade. Raises: NoPrice before the first tick."""
        if not self._minutes:
            last = self.quote(now_ms).last
            return DayStats(last, last, last, last, 0)
        return super().day_stats(now_ms)

    def stored_bars(self, now_ms: int) -> tuple[StoredBars, NewestRow]:  # noqa: ARG002
        """Return the minutes so far. Raises: NoPrice before the first trade."""
        if not self._minutes:
            raise NoPrice(self.instrument.name)
        return self._minutes.stored()

    def recall(self, quote: Quote) -> None:
        """Use a quote from before the start as the price until the first tick."""
        if not self._has_ticks and (self.last_quote is None or self.last_quote.time_ms < quote.time_ms):
            self.last_quote = quote

    def opening_ms(self, start_ms: int, now_ms: int) -> int:
        """Return when trading begins in a span: with its first tick, unless the market was open before it."""
        if start_ms > now_ms:
            return start_ms
        return max(start_ms, self._opened_ms) if self._is_open_since(start_ms) else now_ms + 1

    def check(self, tick: Tick, newest_ms: int, now_ms: int) -> None:
        """Check a tick after one at `newest_ms`.

        Raises:
            Denied: BAD_PRICE_TICK, BAD_QTY_STEP, TICK_ORDER or MARKET_CLOSED.
        """
        if tick.time < newest_ms:
            raise Denied(Reason.TICK_ORDER, f"time {tick.time} is before {newest_ms}, that of the tick before it")
        if tick.time > now_ms + MAX_AHEAD_MS:
            raise Denied(Reason.TICK_ORDER, f"time {tick.time} is after the server's, {now_ms}")
        if tick.time < self.calendar.session(tick.time)[0]:
            raise Denied(Reason.MARKET_CLOSED, f"time {tick.time} is outside the trading session")
        instrument = self.instrument
        for name, value in (("price", tick.price), ("bid", tick.bid), ("ask", tick.ask)):
            units = None if value is None else instrument.to_price(value)
            if value is not None and (units is None or not instrument.grid.has(units)):
                text = f"{name} {value:.10g} is not a multiple of {instrument.tick_text} above 0"
                raise Denied(Reason.BAD_PRICE_TICK, text)
        for name, value in (("size", tick.size), ("bid_size", tick.bid_size), ("ask_size", tick.ask_size)):
            if value is not None and (value < 0 or instrument.to_qty(value) is None):
                text = f"{name} {value:.10g} is not a multiple of 1/{instrument.qty_scale} from 0 on"
                raise Denied(Reason.BAD_QTY_STEP, text)
        if tick.bid is not None and tick.ask is not None and tick.bid > tick.ask:
            raise Denied(Reason.BAD_PRICE_TICK, f"bid {tick.bid:.10g} is above ask {tick.ask:.10g}")

    def apply(self, tick: Tick, number: int, now_ms: int) -> None:
        """Apply a checked tick; `number` counts the accepted ticks of all symbols."""
        if not self._is_open_since(self.calendar.session(tick.time)[0]):
            self._opened_ms = min(tick.time, now_ms)
        self._has_ticks = True
        before, price = self.last_quote, self._price(tick.price)
        if price is not None:
            self._minutes.add_trade(tick.time, price, self._size(tick.size) or 0)
        self.last_quote = quote = self._quote_after(tick, price)
        self.accepted.append(AcceptedTick(number, now_ms, before, quote))

    def _quote_after(self, tick: Tick, price: int | None) -> Quote:
        """Return the quote after a tick, whose trade has this price; None is a quote without a trade."""
        name, before = self.instrument.name, self.last_quote
        bid, ask = self._price(tick.bid), self._price(tick.ask)
        if bid is not None and ask is not None:
            sizes = self._size(tick.bid_size), self._size(tick.ask_size)
            if price is None and before is not None and before.is_traded:
                price = before.last
            if price is not None:
                return Quote(name, tick.time, bid, ask, price, *sizes)
            middle = self.instrument.grid.nearest((bid + ask) / 2)
            return Quote(name, tick.time, bid, ask, middle, *sizes, is_traded=False)
        assert price is not None  # a tick has a trade, or bid and ask
        if before is not None and before.bid <= price <= before.ask:
            return before._replace(time_ms=tick.time, last=price, is_traded=True)
        # A trade outside the last bid and ask makes them invalid: only the price of the trade is known.
        return Quote(name, tick.time, price, price, price, None, None)

    def _is_open_since(self, start_ms: int) -> bool:
        """Whether a tick has come since the market opened that trades at `start_ms`, the open of a span."""
        if not self._has_ticks or self.last_quote is None:
            return False
        last_ms = self.last_quote.time_ms
        return last_ms >= start_ms or not self._is_closed_between(last_ms, start_ms)

    def _price(self, value: float | None) -> int | None:
        return None if value is None else self.instrument.to_price(value)

    def _size(self, value: float | None) -> int | None:
        return None if value is None else self.instrument.to_qty(value)


class ExternalFeed(Feed):
    """A feed of ticks from a client; instruments and trading days by canonical name."""

    kind = "external"

    def __init__(self, instruments: Mapping[str, Instrument], calendars: Mapping[str, Calendar]) -> None:
        self._external = {name: ExternalInstrument(one, calendars[name]) for name, one in instruments.items()}
        self._ticks = 0
        super().__init__(self._external)

    def position(self, now_ms: int) -> Position:
        """Return the position after the newest accepted tick."""
        return Position(now_ms, self._ticks)

    def has_prints(self, since: Position, until: Position) -> bool:
        """Whether a tick was accepted after `since` up to `until`."""
        return until.ticks > since.ticks

    def path(self, symbols: Iterable[str], since: Position, until: Position) -> Path:
        """Return the ticks that were accepted after `since` up to `until`, one instant each, at their acceptance."""
        before: dict[str, Quote] = {}
        found: list[AcceptedTick] = []
        for symbol in symbols:
            ticks = [one for one in self._external[symbol].accepted if since.ticks < one.number <= until.ticks]
            if ticks and ticks[0].before is not None:
                before[symbol] = ticks[0].before
            found += ticks
        quotes, instants = dict(before), []
        for _, time_ms, _, quote in sorted(found, key=attrgetter("number")):
            quotes[quote.symbol] = quote
            instants.append(FeedInstant(time_ms, {quote.symbol: Print(quote)}, quotes.copy()))
        return Path({one.quote.symbol for one in found}, instants, before)

    def recall(self, quote: Quote) -> None:
        """Use a quote from before the start as the price until the first tick; unknown symbols are ignored."""
        instrument = self._external.get(quote.symbol)
        if instrument is not None:
            instrument.recall(quote)

    def publish(self, ticks: Iterable[tuple[str, Tick]], now_ms: int) -> int:
        """Accept ticks, each with its canonical symbol, or none of them; return their number.

        Raises:
            Denied: BAD_PRICE_TICK, BAD_QTY_STEP, TICK_ORDER or MARKET_CLOSED, with the number of the tick from 0.
        """
        checked = list(ticks)
        newest = {name: one.last_quote.time_ms for name, one in self._external.items() if one.last_quote}
        for number, (symbol, tick) in enumerate(checked):
            try:
                self._external[symbol].check(tick, newest.get(symbol, 0), now_ms)
            except Denied as error:
                text = f"tick {number}, {symbol}: {error.message}; none was taken"
                raise Denied(error.reason, text) from None
            newest[symbol] = tick.time
        for symbol, tick in checked:
            self._ticks += 1
            self._external[symbol].apply(tick, self._ticks, now_ms)
        return len(checked)
