"""Random scripts: the same events again and after restarts, and the same money as a ledger of all executions."""

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from engine.broker import brackets
from engine.broker.account import Account
from engine.broker.broker import Broker
from engine.broker.invariants import deep_violations
from engine.broker.order import OrderRequest
from engine.broker.transaction import Transaction
from engine.errors import Denied
from engine.market.feeds.replay import path_of
from engine.models.broker.account import AccountCreate, AccountReset, Commission, Limits, Profile, Slippage
from engine.models.broker.orders import OrderChange, OrderType, PreOrder
from engine.models.broker.positions import Brackets
from engine.models.market.bars import BarRow
from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import MONEY_SCALE
from engine.models.market.quotes import Print, Quote
from tests.engine.broker.harness import INSTRUMENTS, AllSubscribed, FakeMarketView, quote_of
from tests.engine.broker.reference import replay
from tests.properties import examples

SYMBOLS = ("AAPL", "EURUSD", "SAP", "USDJPY")
PROFILES = (
    Profile(slippage=Slippage(probability=0.5, ticks=1), commission=Commission(rate=0.0005, per_unit=0.01)),
    Profile(touch=False, stop_orders_both_directions=True, commission=Commission(per_trade=0.35)),
    Profile(latency_ms=300, limits=Limits(max_open_orders=12, max_position=60_000), leverage=50),
    Profile(slippage=Slippage(volume_share=0.4), mark="last", guaranteed_stop_premium=0.01),
    Profile(fill_model="simulator", execution_delay=0.4),
)
SCALE = {
    "AAPL": (100.0, 0.25, 10),
    "EURUSD": (1.1, 0.00001, 1000),
    "SAP": (180.0, 0.5, 5),
    "USDJPY": (150.0, 0.002, 1000),
}
"""By symbol: the middle of the market, a step of prices, a step of quantities, all in natural units."""

DAYS = ((0, 1_004_000), (1_005_000, 9**9))
"""Two sessions with a night between them, in which only orders that can wait are accepted."""

Command = tuple[Any, ...]
KINDS = (*OrderType, *OrderType, OrderType.LIMIT, "trailing", "guaranteed", "postOnly", "isClose")
DURATIONS = (None, None, None, "GTC", "DAY", "IOC", "FOK", "GTD")


class Writer:
    """Writes scripts: mostly what traders do, sometimes nonsense.

    Prices are steps around the middle, quantities multiples: a command fits every symbol.
    """

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._middle = dict.fromkeys(SYMBOLS, 0)

    def command(self) -> Command:
        rng = self._rng
        account, symbol = rng.randrange(len(PROFILES)), rng.choice(SYMBOLS)
        name = rng.choices(
            ("quote", "bar", "place", "modify", "cancel", "close", "reverse", "brackets", "leverage", "reset"),
            (45, 5, 30, 9, 3, 2, 1, 4, 0.5, 0.2),
        )[0]
        if name == "quote":
            self._middle[symbol] += rng.choice((-3, -1, -1, 0, 1, 1, 3))
            return (
                name,
                symbol,
                self._middle[symbol],
                rng.randrange(1, 5),
                rng.randrange(5),
                rng.choice((None, 0, 5, 20)),
            )
        if name == "bar":
            middle = self._middle[symbol]
            self._middle[symbol] = close = middle + rng.choice((-3, -1, 0, 1, 3))
            high, low = max(middle, close) + rng.randrange(5), min(middle, close) - rng.randrange(5)
            bar = BarRow(0, middle + rng.choice((0, 0, -1, 1)), high + 1, low - 1, close, 0)
            return name, symbol, bar, rng.choice((0, 7))
        if name == "place":
            side, kind = rng.choice((1, -1)), rng.choice(KINDS)
            return name, account, symbol, side, *self._order(symbol, side, kind), rng.choice(DURATIONS)
        if name == "modify":
            side = rng.choice((1, -1))
            _, _, limit, stop, legs = self._order(symbol, side, OrderType.LIMIT)
            prices = rng.choice(((None, limit), (stop, None), (limit, stop)))
            return name, account, rng.randrange(20), *prices, legs
        if name == "brackets":
            return name, account, symbol, self._legs(self._middle[symbol], rng.choice((1, -1)))
        if name == "close":
            return name, account, symbol, rng.choice((None, rng.randrange(1, 30)))
        last = {"cancel": (rng.randrange(20),), "reverse": (symbol,), "leverage": (symbol, rng.randrange(1, 101))}
        return name, account, *last.get(name, ())

    def _order(self, symbol: str, side: int, kind: Any) -> tuple[int, Any, int, int, Any]:
        rng, middle = self._rng, self._middle[symbol]
        limit, stop = middle - side * rng.randrange(-2, 8), middle + side * rng.randrange(-1, 8)
        reference = {OrderType.LIMIT: limit, OrderType.STOP: stop, OrderType.STOP_LIMIT: limit}.get(kind, middle)
        return rng.randrange(1, 30), kind, limit, stop, self._legs(reference, side)

    def _legs(self, middle: int, side: int) -> tuple[int | None, str | None, int]:
        rng = self._rng
        profit = rng.choice((None, middle + side * rng.randrange(3, 10)))
        return profit, rng.choice((None, *STOPS)), middle - side * rng.randrange(3, 10)


STOPS = [name for name, kind in brackets.KINDS.items() if kind.stop_type is not None]


def write(seed: int, length: int) -> list[Command]:
    writer = Writer(seed)
    return [writer.command() for _ in range(length)]


scripts = st.builds(write, st.integers(0, 10**9), st.integers(100, 400))


class Accounts:
    """Several accounts of one broker; plays scripts, and keeps events, updates and denials."""

    def __init__(self) -> None:
        self.broker = Broker(INSTRUMENTS, seed=11)
        self.ticked_ms = dict.fromkeys(SYMBOLS, 0)
        self.now_ms = 1_000_000
        self.quotes: dict[str, Quote] = {}
        self.events: list[Any] = []
        self.updates: list[Any] = []
        self.denied: list[str] = []
        for symbol in SYMBOLS:
            self._set(symbol, 0, 2, 1, 0)
        for number, profile in enumerate(PROFILES):
            self._do(self.broker.open_account, AccountCreate(id=f"A{number}", name="Trader", balance=8_000.0), profile)

    def play(self, script: list[Command], restarts: frozenset[int] = frozenset()) -> "Accounts":
        for number, (name, *args) in enumerate(script):
            self.now_ms += 100
            if number in restarts:
                self._restart()
            if name in ("quote", "bar"):
                getattr(self, f"_{name}")(*args)
                continue
            account = self.broker.accounts[f"A{args[0]}"]
            try:
                getattr(self, f"_{name}")(account, *args[1:])
            except Denied as denied:
                self.denied.append(f"{denied.reason} {denied.message}")
        return self

    def _restart(self) -> None:
        self.broker = Broker(INSTRUMENTS, seed=11)
        for event in self.events:
            self.broker.replay(event)

    def _tick(self, prints: dict[str, Print] | None = None) -> None:
        self._do(self.broker.on_tick, prints=prints)
        for symbol in SYMBOLS if prints is None else prints:
            self.ticked_ms[symbol] = self.now_ms

    def _depth(self, symbol: str) -> Depth:
        """Three levels behind the quote, twice its size each, where sizes matter."""
        quote, step = self.quotes[symbol], round(SCALE[symbol][1] * INSTRUMENTS[symbol].pricescale)
        bids, asks = Level(quote.bid, quote.bid_size), Level(quote.ask, quote.ask_size)
        more = () if bids.size is None or asks.size is None else (1, 2, 3)
        return Depth(
            symbol,
            quote.time_ms,
            (bids, *(Level(bids.price - n * step, 2 * (bids.size or 0)) for n in more)),
            (asks, *(Level(asks.price + n * step, 2 * (asks.size or 0)) for n in more)),
        )

    def _do(self, command: Callable[..., Any], *args: Any, prints: dict[str, Print] | None = None) -> None:
        """Run one command; the ledger must hold, and a denied command must have changed nothing."""
        day_ms = DAYS[1][0]
        market = FakeMarketView(
            self.now_ms,
            self.quotes,
            DAYS[0] if self.now_ms < DAYS[0][1] else DAYS[1],
            self._depth,
            prints,
            opened={name: day_ms for name, tick_ms in self.ticked_ms.items() if tick_ms < day_ms <= self.now_ms},
        )
        txn = Transaction(self.broker, command.__name__, market)
        try:
            command(txn, *args)
        except Denied:
            assert txn.close(AllSubscribed()).events == ()
            raise
        result = txn.close(AllSubscribed())
        assert result.violations == ()
        self.events += result.events
        self.updates += result.updates

    def _quote(self, symbol: str, middle: int, spread: int, last: int, size: int | None) -> None:
        self._set(symbol, middle, spread, last, size)
        self._tick()

    def _bar(self, symbol: str, bar: BarRow, size: int) -> None:
        before = None
        for middle in path_of(bar):
            self.now_ms += 10
            self._set(symbol, middle, 1, 0, 20)
            quote = self.quotes[symbol]
            units = size * SCALE[symbol][2] * INSTRUMENTS[symbol].qty_scale
            point = quote._replace(ask=quote.bid, last=quote.bid, bid_size=units, ask_size=units)
            self._tick({symbol: Print(point, before, is_past=True, is_bar=True)})
            before = quote.bid

    def _set(self, symbol: str, middle: int, spread: int, last: int, size: int | None) -> None:
        at, step, units = SCALE[symbol]
        bid, size = at + middle * step, None if size is None else size * units
        self.quotes[symbol] = quote_of(
            symbol, bid, bid + spread * step, bid + min(last, spread) * step, size, self.now_ms
        )

    def _price(self, symbol: str, number: int | None) -> float | None:
        at, step, _ = SCALE[symbol]
        return None if number is None else round(at + number * step, 5)

    def _brackets(self, account: Account, symbol: str, legs: tuple[int | None, str | None, int]) -> None:
        self._do(self.broker.edit_brackets, account, symbol, Brackets.model_validate(self._legs(symbol, legs)))

    def _legs(self, symbol: str, legs: tuple[int | None, str | None, int]) -> dict[str, Any]:
        profit, kind, stop = legs
        fields: dict[str, Any] = {"takeProfit": self._price(symbol, profit)}
        if kind is not None:
            fields[kind] = abs(stop) + 1 if kind == "trailingStopPips" else self._price(symbol, stop)
        if kind == "stopLossLimit":
            fields["stopLoss"] = self._price(symbol, stop)
        return fields

    def _place(
        self,
        account: Account,
        symbol: str,
        side: int,
        qty: int,
        kind: Any,
        limit: int,
        stop: int,
        legs: Any,
        duration: Any,
    ) -> None:
        fields: dict[str, Any] = {"limitPrice": self._price(symbol, limit), "stopPrice": self._price(symbol, stop)}
        if duration is not None:
            fields["duration"] = {"type": duration, "datetime": self.now_ms + 2000 if duration == "GTD" else None}
        if kind == "trailing":
            fields |= {"type": 3, "stopType": 1, "trailingStopPips": abs(stop) + 1}
        elif kind == "guaranteed":
            fields |= {"type": 3, "stopType": 2}
        elif kind in ("postOnly", "isClose"):
            fields |= {"type": 1, kind: True}
        else:
            fields |= {"type": kind, **self._legs(symbol, legs)}
        sent = PreOrder.model_validate({"symbol": symbol, "side": side, "qty": qty * SCALE[symbol][2], **fields})
        self._do(self.broker.place_order, account, OrderRequest.read(sent, INSTRUMENTS[symbol]))

    def _modify(self, account: Account, pick: int, limit: int | None, stop: int | None, legs: Any) -> None:
        if not account.working:
            return
        order = list(account.working.values())[pick % len(account.working)]
        given = {"limitPrice": self._price(order.symbol, limit), "stopPrice": self._price(order.symbol, stop)}
        fields: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if order.parent is None:
            fields |= {**dict.fromkeys(STOPS), **self._legs(order.symbol, legs)}
        self._do(self.broker.modify_order, account, order.id, OrderChange.model_validate(fields))

    def _cancel(self, account: Account, pick: int) -> None:
        if account.working:
            self._do(self.broker.cancel_order, account, list(account.working)[pick % len(account.working)])

    def _close(self, account: Account, symbol: str, amount: int | None) -> None:
        qty = None if amount is None else float(amount * SCALE[symbol][2])
        self._do(self.broker.close_position, account, symbol, qty)

    def _reverse(self, account: Account, symbol: str) -> None:
        self._do(self.broker.reverse_position, account, symbol)

    def _leverage(self, account: Account, symbol: str, leverage: int) -> None:
        self._do(self.broker.set_leverage, account, symbol, leverage)

    def _reset(self, account: Account) -> None:
        self._do(self.broker.reset_account, account, AccountReset())


class TestScripts:
    """Laws that hold for random commands and quotes."""

    @examples(10, suppress_health_check=[HealthCheck.differing_executors])
    @given(scripts)
    def test_the_same_seed_and_commands_give_the_same_events(self, script: list[Command]) -> None:
        once, again = Accounts().play(script), Accounts().play(script)
        assert (once.events, once.updates, once.denied) == (again.events, again.updates, again.denied)

    @examples(12, suppress_health_check=[HealthCheck.differing_executors])
    @given(scripts, st.frozensets(st.integers(0, 400), min_size=1, max_size=8))
    def test_restarts_anywhere_give_the_same_events(self, script: list[Command], restarts: frozenset[int]) -> None:
        played, restarted = Accounts().play(script), Accounts().play(script, restarts)
        assert restarted.events == played.events
        assert restarted.denied == played.denied

    @examples(25, suppress_health_check=[HealthCheck.differing_executors])
    @given(scripts)
    def test_a_ledger_from_scratch_gives_the_same_money(self, script: list[Command]) -> None:
        for account in Accounts().play(script).broker.accounts.values():
            assert list(deep_violations(account)) == []
            check_money(account)


def check_money(account: Account) -> None:
    replayed, funds = replay(account.executions, INSTRUMENTS), account.funds
    held = {name: Fraction(p.holding.qty, p.instrument.qty_scale) for name, p in account.positions.items()}
    assert held == {name: qty for name, (qty, _) in replayed.positions.items()}
    for name, position in account.positions.items():
        average = Fraction(position.holding.basis, MONEY_SCALE) / abs(held[name]) / position.instrument.point_value
        assert abs(average - replayed.positions[name][1]) * abs(held[name]) * MONEY_SCALE <= len(account.executions)
    # Each partial close rounds the cost once, and each conversion the profit, by at most half a unit of money.
    assert abs(funds.realised - replayed.realised * MONEY_SCALE) <= 2 * len(account.executions)
    assert funds.commissions == replayed.commissions * MONEY_SCALE
    assert funds.balance == funds.deposits + funds.realised - funds.commissions
