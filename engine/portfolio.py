"""The history of an account's equity, computed from its trades and the market's bars.

Nothing is recorded for it: money and positions at an instant follow from those of now and the trades since then, and
the prices from the bars. So it is the same after a restart. It goes back to the start or the last reset of the account,
and to the oldest trade that the account keeps.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.broker.account import KEPT_EXECUTIONS, Account
from engine.broker.ledger import money_out
from engine.market.market import Market
from engine.models.broker.account import EquityHistoryQuery
from engine.models.market.bars import BarsQuery
from engine.topics import Payload

MAX_POINTS = 5000
MINUTE_MS = 60_000
DAY_MS = 86_400_000
PERIODS_MS = {"1": MINUTE_MS, "5": 5 * MINUTE_MS, "15": 15 * MINUTE_MS, "60": 60 * MINUTE_MS, "1D": DAY_MS}
"""Length of a period by resolution; days are those of UTC."""


class Closes(NamedTuple):
    """Ends of bars in epoch milliseconds, ascending, and their closing prices in price units."""

    ends_ms: list[int]
    prices: list[int]

    def at(self, time_ms: int) -> int:
        """Return the newest close at or before an instant; the oldest one where there is none."""
        return self.prices[max(0, bisect_left(self.ends_ms, time_ms + 1) - 1)]


class Point(NamedTuple):
    """Begin of a period in epoch milliseconds, and the equity at its end, or now, in money units."""

    time_ms: int
    equity: int


class Span(NamedTuple):
    """The periods of a history: begin of the first one, the end of time, and their length in milliseconds."""

    start_ms: int
    now_ms: int
    period_ms: int


def span_of(account: Account, query: EquityHistoryQuery, now_ms: int) -> Span:
    """Return the periods that a query asks for and the account has; by default the last day, or 30 days of days."""
    period_ms = PERIODS_MS[query.resolution]
    end_ms = min(now_ms, now_ms if query.to_time is None else query.to_time)
    usual_ms = 30 * DAY_MS if query.resolution == "1D" else DAY_MS
    start_ms = end_ms - usual_ms if query.from_time is None else query.from_time
    oldest_ms = account.began.time_ms
    if len(account.executions) == KEPT_EXECUTIONS:
        oldest_ms = max(oldest_ms, account.executions[0].time_ms)
    first_ms = max(start_ms, oldest_ms, end_ms - MAX_POINTS * period_ms + period_ms)
    return Span(first_ms // period_ms * period_ms, end_ms, period_ms)


def bars_queries(account: Account, query: EquityHistoryQuery, span: Span) -> Iterator[BarsQuery]:
    """Yield the history queries for the prices of every symbol that the account held in a span."""
    names = {event.symbol for event in account.executions if event.time_ms >= span.start_ms} | account.positions.keys()
    if span.start_ms >= span.now_ms:
        return
    count = min(MAX_POINTS, (span.now_ms - span.start_ms) // span.period_ms + 3)
    for name in sorted(names):
        yield BarsQuery(symbol=name, resolution=query.resolution, count_back=count, to_time=span.now_ms)


def closes_of(market: Market, queries: Sequence[BarsQuery], span: Span) -> dict[str, Closes]:
    """Return the closing prices of each symbol. A day ends at 00:00 UTC of the next one."""
    found = {}
    for query in queries:
        instrument, bars = market.instruments[query.symbol], market.bars(query, span.now_ms)["bars"]
        prices = [round(bar["close"] * instrument.pricescale) for bar in bars]
        found[query.symbol] = Closes([bar["time"] + span.period_ms for bar in bars], prices)
    return found


def points(account: Account, span: Span, closes: Mapping[str, Closes], equity: int) -> list[Point]:
    """Return the equity at the end of each period, oldest first.

    Args:
        account: The account.
        span: The periods.
        closes: Prices of every symbol that it held.
        equity: Equity at the end of the span, if the span ends now.
    """
    cash, held = account.funds.cash, {name: one.holding.qty for name, one in account.positions.items()}
    later = list(account.executions)
    found = []
    starts = range(span.start_ms, span.now_ms, span.period_ms)
    for start_ms in reversed(starts):
        end_ms = min(start_ms + span.period_ms, span.now_ms)
        while later and later[-1].time_ms >= end_ms:
            event = later.pop()
            factor = account.instruments[event.symbol].money_factor
            cash += event.side * event.qty * event.price * factor + event.commission
            held[event.symbol] = held.get(event.symbol, 0) - event.side * event.qty
        value = sum(
            qty * closes[name].at(end_ms) * account.instruments[name].money_factor for name, qty in held.items() if qty
        )
        found.append(Point(start_ms, cash + value))
    found.reverse()
    if found and len(later) == len(account.executions):
        found[-1] = Point(found[-1].time_ms, equity)
    return found


def history(account: Account, market: Market, query: EquityHistoryQuery, equity: int, span: Span) -> Payload:
    """Return EquityHistory; `equity` is the account's equity now, in money units."""
    queries = list(bars_queries(account, query, span))
    rows = points(account, span, closes_of(market, queries, span), equity)
    return {
        "resolution": query.resolution,
        "points": [{"time": one.time_ms, "equity": money_out(one.equity)} for one in rows],
    }
