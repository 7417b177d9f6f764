"""The history of an account's equity, computed from its trades and the market's bars.

Nothing is recorded for it: money and positions at an instant follow from those of now and the trades since then, and
the prices from the bars. So it is the same after a restart. It goes back to the start or the last reset of the account,
and to the oldest trade that the account keeps. A position in another currency counts with its profit at the rate of
that instant; the profit that it has realised was converted at the rates of its trades.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.broker.account import KEPT_EXECUTIONS, Account
from engine.broker.conversion import converted
from engine.broker.events import UNCONVERTED
from engine.broker.ledger import Holding, apply_trade, money_out, unrealised
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


class ForeignState(NamedTuple):
    """State of a symbol in another currency than the account's, from a trade on.

    Attributes:
        time_ms: Time of the trade; 0 for the state before the first kept one.
        booked: Profit realised since the first kept trade, in money units of the account's currency.
    """

    time_ms: int
    holding: Holding
    booked: int


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
    """Yield the history queries for the prices of every symbol held in a span, and of the rates."""
    names = {event.symbol for event in account.executions if event.time_ms >= span.start_ms} | account.positions.keys()
    conversions = [account.conversion_of(account.instruments[name]) for name in names]
    names |= {one.source.name for one in conversions if one is not None}
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


def points(account: Account, span: Span, closes: Mapping[str, Closes], equity: int | None) -> list[Point]:
    """Return the equity at the end of each period, oldest first.

    Args:
        account: The account.
        span: The periods.
        closes: Prices of every symbol that it held.
        equity: Equity at the end of the span if that is now, else None.
    """
    foreign = foreign_states(account)
    held = {name: one.holding.qty for name, one in account.positions.items() if name not in foreign}
    booked = sum(one.booked for one in account.funds.foreign.values()) - sum(one[-1].booked for one in foreign.values())
    cash, later = account.funds.cash + booked, list(account.executions)
    found = []
    starts = range(span.start_ms, span.now_ms, span.period_ms)
    for start_ms in reversed(starts):
        end_ms = min(start_ms + span.period_ms, span.now_ms)
        while later and later[-1].time_ms >= end_ms:
            event = later.pop()
            cash += event.commission
            if event.symbol not in foreign:
                factor = account.instruments[event.symbol].money_factor
                cash += event.side * event.qty * event.price * factor
                held[event.symbol] = held.get(event.symbol, 0) - event.side * event.qty
        value = sum(
            qty * closes[name].at(end_ms) * account.instruments[name].money_factor for name, qty in held.items() if qty
        )
        value += sum(_foreign_value(account, name, states, closes, end_ms) for name, states in foreign.items())
        found.append(Point(start_ms, cash + value))
    found.reverse()
    if found and equity is not None:
        found[-1] = Point(found[-1].time_ms, equity)
    return found


def foreign_states(account: Account) -> dict[str, list[ForeignState]]:
    """Return the states of each symbol in another currency, oldest first.

    A position from before the first kept trade is taken as opened at the price of that trade.
    """
    foreign = {name for name, one in account.positions.items() if one.conversion is not None}
    found = {name: [ForeignState(0, account.positions[name].holding, 0)] for name in foreign}
    traded: dict[str, int] = {}
    for event in account.executions:
        traded[event.symbol] = traded.get(event.symbol, 0) + event.side * event.qty
    for name in [name for name in traded if account.conversion_of(account.instruments[name]) is not None]:
        factor = account.instruments[name].money_factor
        events = [event for event in account.executions if event.symbol == name]
        before = account.signed_qty(name) - traded[name]
        states = found[name] = [ForeignState(0, Holding(before, abs(before) * events[0].price * factor), 0)]
        for event in events:
            _, holding, booked = states[-1]
            holding, realised = apply_trade(holding, event.side, event.qty, event.price * factor)
            states.append(ForeignState(event.time_ms, holding, booked + converted(realised, event.rate or UNCONVERTED)))
    return found


def _foreign_value(
    account: Account, name: str, states: Sequence[ForeignState], closes: Mapping[str, Closes], end_ms: int
) -> int:
    """Return realised and open profit of a symbol in another currency at an instant, in the account's currency."""
    _, holding, booked = states[bisect_left(states, end_ms, key=lambda one: one.time_ms) - 1]
    if not holding.qty:
        return booked
    instrument = account.instruments[name]
    conversion, mark = account.conversion_of(instrument), closes[name].at(end_ms)
    assert conversion is not None
    rate = conversion.rate_at(mark if conversion.is_own else closes[conversion.source.name].at(end_ms))
    return booked + converted(unrealised(holding, mark * instrument.money_factor), rate)


def history(account: Account, market: Market, query: EquityHistoryQuery, equity: int | None, span: Span) -> Payload:
    """Return EquityHistory; `equity` is the account's equity in money units if the span ends now, else None."""
    queries = list(bars_queries(account, query, span))
    rows = points(account, span, closes_of(market, queries, span), equity)
    return {
        "resolution": query.resolution,
        "points": [{"time": one.time_ms, "equity": money_out(one.equity)} for one in rows],
    }
