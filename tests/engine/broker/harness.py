"""A broker with one account for tests: the test sets the quotes and moves the time."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.broker.account import Account
from engine.broker.broker import Broker
from engine.broker.command_result import CommandResult
from engine.broker.invariants import deep_violations
from engine.broker.order import OrderRequest
from engine.broker.preview import preview
from engine.broker.serializers import execution_payload, individual_payloads, order_payload, position_payload
from engine.broker.transaction import Transaction
from engine.market.feeds.replay import path_of
from engine.market.instruments import Catalogue
from engine.models.broker.account import AccountCreate, AccountReset, Profile
from engine.models.broker.orders import OrderChange, OrderType, PreOrder
from engine.models.broker.positions import Brackets
from engine.models.market.bars import BarRow
from engine.models.market.depth import Depth, Level
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Print, Quote
from engine.topics import Payload, Topic

INSTRUMENTS: dict[str, Instrument] = {instrument.name: instrument for instrument in Catalogue.load()}
ACCOUNT = "TEST"
T = TypeVar("T")

MARKET, LIMIT, STOP, STOP_LIMIT = OrderType.MARKET, OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT
BUY, SELL = 1, -1


class AllSubscribed:
    """An `Interest` in all channels."""

    def wants(self, channel: str) -> bool:
        return True

    def topics(self, route: str) -> Iterable[Topic]:
        return ()


@dataclass
class FakeMarketView:
    """A `MarketView` of given values.

    Attributes:
        session: Start and end (excluded) of the trading session of every symbol.
        books: Books by symbol; by default a book of the quote's one level.
        prints: New prints by symbol; None: the quotes are the new prints.
        opened: When markets opened, by symbol.
        depth_calls: How often the book was asked for.
    """

    now_ms: int
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    session: tuple[int, int] = (0, 1 << 60)
    books: Callable[[str], Depth | None] = lambda _: None
    prints: Mapping[str, Print] | None = None
    halted: Collection[str] = ()
    opened: Mapping[str, int] = field(default_factory=dict)
    depth_calls: int = 0

    def quote(self, symbol: str) -> Quote:
        return self.quotes[symbol]

    def has_price(self, symbol: str) -> bool:
        return symbol in self.quotes

    def trail_quote(self, symbol: str) -> Quote:
        one = (self.prints or {}).get(symbol)
        return one.quote if one is not None and one.is_bar else self.quotes[symbol]

    def new_print(self, symbol: str) -> Print | None:
        return Print(self.quotes[symbol]) if self.prints is None else self.prints.get(symbol)

    def depth(self, symbol: str) -> Depth:
        self.depth_calls += 1
        quote = self.quotes[symbol]
        best = (Level(quote.bid, quote.bid_size),), (Level(quote.ask, quote.ask_size),)
        return self.books(symbol) or Depth(symbol, quote.time_ms, *best)

    def is_open(self, symbol: str) -> bool:
        return self.session[0] <= self.now_ms and symbol not in self.halted

    def is_halted(self, symbol: str) -> bool:
        return symbol in self.halted

    def session_end_ms(self, symbol: str) -> int:
        return self.session[1]

    def opened_ms(self, symbol: str) -> int | None:
        return self.opened.get(symbol)

    def day_start_ms(self, symbol: str) -> int:
        return self.session[0]


def quote_of(symbol: str, bid: float, ask: float, last: float | None, size: int | None, time_ms: int) -> Quote:
    """A quote from natural prices; `size` in natural quantity units on both sides, None is unlimited."""
    instrument = INSTRUMENTS[symbol]
    last = bid if last is None else last
    prices = [round(price * instrument.pricescale) for price in (bid, ask, last)]
    units = None if size is None else size * instrument.qty_scale
    return Quote(symbol, time_ms, prices[0], prices[1], prices[2], units, units)


class BrokerHarness:
    """Commands in natural units; `result` is the last result, `events` are all events.

    Each command and tick checks the ledger.
    """

    def __init__(
        self,
        profile: Profile | None = None,
        balance: float = 100_000,
        seed: int = 1,
        instruments: dict[str, Instrument] | None = None,
        currency: str = "USD",
    ) -> None:
        self.instruments = instruments or INSTRUMENTS
        self.broker = Broker(self.instruments, seed)
        self.now_ms = 1_000_000
        self.session = (0, 10_000_000)
        self.halted: set[str] = set()
        self.quotes: dict[str, Quote] = {}
        self.books: dict[str, Depth] = {}
        self.opened: dict[str, int] = {}
        self.prints: dict[str, Print] | None = None
        self.depth_calls = 0
        self.events: list[Any] = []
        self.updates: list[tuple[str, Payload]] = []
        self.result: CommandResult
        request = AccountCreate(id=ACCOUNT, name="Test", balance=balance, currency=currency)
        self.run(lambda txn: self.broker.open_account(txn, request, profile or Profile()))
        self.quote("AAPL", 99.98, 100.00)

    @property
    def account(self) -> Account:
        return self.broker.accounts[ACCOUNT]

    def quote(self, symbol: str, bid: float, ask: float, last: float | None = None, size: int | None = None) -> None:
        """Set the market of a symbol; nothing trades before the next tick or command."""
        self.now_ms += 200
        self.quotes[symbol] = quote_of(symbol, bid, ask, last, size, self.now_ms)
        self.books.pop(symbol, None)

    def book(self, bids: dict[float, int], asks: dict[float, int], symbol: str = "AAPL") -> None:
        """Set the market of a symbol to a book of several levels: sizes by price, the best ones first."""
        instrument = INSTRUMENTS[symbol]
        sides = [
            tuple(
                Level(round(price * instrument.pricescale), size * instrument.qty_scale) for price, size in one.items()
            )
            for one in (bids, asks)
        ]
        self.now_ms += 200
        (bid, bid_size), (ask, ask_size) = sides[0][0], sides[1][0]
        self.quotes[symbol] = Quote(symbol, self.now_ms, bid, ask, bid, bid_size, ask_size)
        self.books[symbol] = Depth(symbol, self.now_ms, *sides)

    def bar(
        self, open: float, high: float, low: float, close: float, size: int | None = None, symbol: str = "AAPL"
    ) -> None:
        """Run a tick for each of the four prints of a bar; `size` is that of each print."""
        before, prices = None, [round(price * 100) for price in (open, high, low, close)]
        for price in path_of(BarRow(0, prices[0], prices[1], prices[2], prices[3], 0)):
            self.quote(symbol, price / 100 - 0.01, price / 100 + 0.01, price / 100)
            units = None if size is None else size * INSTRUMENTS[symbol].qty_scale
            point = Quote(symbol, self.now_ms, price, price, price, units, units)
            self.tick_with(Print(point, before, is_past=True, is_bar=True))
            before = price

    def tick_with(self, *prints: Print) -> None:
        """Run a tick with these new prints; other symbols have none."""
        self.prints = {one.quote.symbol: one for one in prints}
        self.tick()
        self.prints = None

    def place(self, side: int, qty: float, kind: OrderType = MARKET, symbol: str = "AAPL", **fields: Any) -> str:
        """Place an order and return its id."""
        sent = {"symbol": symbol, "type": kind, "side": side, "qty": qty, **fields}
        request = OrderRequest.read(PreOrder.model_validate(sent), self.instruments[symbol])
        return self.run(lambda txn: self.broker.place_order(txn, self.account, request))

    def modify(self, order_id: str, **fields: Any) -> None:
        """Modify an order, keeping what is not given."""
        change = OrderChange.model_validate(fields)
        self.run(lambda txn: self.broker.modify_order(txn, self.account, order_id, change))

    def reverse(self, symbol: str = "AAPL") -> None:
        self.run(lambda txn: self.broker.reverse_position(txn, self.account, symbol))

    def brackets(self, symbol: str = "AAPL", **prices: Any) -> None:
        """Give a position exactly these brackets."""
        self.run(lambda txn: self.broker.edit_brackets(txn, self.account, symbol, Brackets.model_validate(prices)))

    def close_individual(self, position_id: str, amount: float | None = None) -> None:
        self.run(lambda txn: self.broker.close_individual(txn, self.account, position_id, amount))

    def individual_brackets(self, position_id: str, **prices: Any) -> None:
        """Give an individual position exactly these brackets."""
        wanted = Brackets.model_validate(prices)
        self.run(lambda txn: self.broker.edit_individual_brackets(txn, self.account, position_id, wanted))

    def individual(self) -> dict[str, tuple[float, float]]:
        """Return the signed quantity and the price of each individual position by id, as clients see them."""
        shown = individual_payloads(self.account, self.view())
        return {one["id"]: (one["side"] * one["qty"], one["price"]) for one in shown}

    def leverage(self, symbol: str, leverage: int) -> None:
        self.run(lambda txn: self.broker.set_leverage(txn, self.account, symbol, leverage))

    def reset(self, **fields: Any) -> None:
        self.run(lambda txn: self.broker.reset_account(txn, self.account, AccountReset.model_validate(fields)))

    def cancel(self, order_id: str) -> None:
        self.run(lambda txn: self.broker.cancel_order(txn, self.account, order_id))

    def close(self, symbol: str = "AAPL", amount: float | None = None) -> None:
        self.run(lambda txn: self.broker.close_position(txn, self.account, symbol, amount))

    def execute(self) -> None:
        """Execute all working orders with the simulator."""
        self.run(self.broker.execute_orders)

    def tick(
        self,
        symbol: str | None = None,
        bid: float = 0,
        ask: float = 0,
        last: float | None = None,
        size: int | None = None,
    ) -> None:
        """Run a tick, after a move of the market if a symbol is given."""
        if symbol is not None:
            self.quote(symbol, bid, ask, last, size)
        self.run(self.broker.on_tick)

    def routes(self) -> list[str]:
        """Return the routes of the last result's updates, in the order of publication.

        The copies for one symbol are left out, and so is `margin-available`, which repeats a field of `equity`.
        """
        routes = [name for name, *rest in (u.channel.split(":") for u in self.result.updates) if len(rest) == 1]
        return [name for name in routes if name != "margin-available"]

    def told(self, route: str) -> list[Payload]:
        """Return the payloads of the last result on a route."""
        return [update.payload for update in self.result.updates if update.channel == f"{route}:{ACCOUNT}"]

    def exits(self) -> dict[str, dict[str, float]]:
        """Return the open quantity of each working exit: by level, "takeProfit" and "stop"."""
        found: dict[str, dict[str, float]] = {}
        for order in self.account.working.values():
            if order.parent is not None and order.is_working:
                kind = "takeProfit" if order.type == LIMIT else "stop"
                found.setdefault(order.parent.level, {})[kind] = order.instrument.qty_out(order.remaining)
        return found

    def legs(self) -> dict[str, Payload]:
        """Return the brackets that are not final, by "takeProfit" and "stop"."""
        working = [order_payload(o) for o in self.account.working.values() if o.parent is not None]
        return {"takeProfit" if leg["type"] == 1 else "stop": leg for leg in working}

    def order(self, order_id: str) -> Payload:
        """Return an order as clients see it."""
        return order_payload(self.account.order(order_id))

    def position(self, symbol: str = "AAPL") -> tuple[float, float] | None:
        """Return signed quantity and average price, None when flat."""
        position = self.account.positions.get(symbol)
        if position is None:
            return None
        payload = position_payload(self.account, position, self.view())
        return payload["side"] * payload["qty"], payload["avgPrice"]

    def view(self) -> FakeMarketView:
        """Return the market as it is now."""
        return FakeMarketView(
            self.now_ms, self.quotes, self.session, self.books.get, self.prints, self.halted, self.opened
        )

    def run(self, command: Callable[[Transaction], T]) -> T:
        """Run a command in a transaction, check the ledger, and return the command's value."""
        market = self.view()
        txn = Transaction(self.broker, "test", market)
        value = command(txn)
        self.depth_calls = market.depth_calls
        self.result = txn.close(AllSubscribed())
        self.events += self.result.events
        assert self.result.violations == ()
        assert list(deep_violations(self.account)) == []
        return value

    def preview(self, side: int = BUY, qty: float = 10, kind: OrderType = MARKET, **fields: Any) -> Payload:
        """Return the preview of an order, by default in AAPL."""
        sent = PreOrder.model_validate({"symbol": "AAPL", "type": kind, "side": side, "qty": qty, **fields})
        request = OrderRequest.read(sent, self.instruments[sent.symbol])
        return preview(self.account, request, self.view())

    def change_profile(self, profile: Profile) -> None:
        self.run(lambda txn: self.broker.change_profile(txn, self.account, profile))

    def restart(self) -> None:
        """Replace the broker by one that replays the events."""
        broker = Broker(self.instruments, self.broker.seed)
        for event in self.events:
            broker.replay(event)
        self.broker = broker

    def executed(self) -> list[tuple[float, float]]:
        """Return quantity and price of every execution so far."""
        told = [execution_payload(event, INSTRUMENTS[event.symbol]) for event in self.account.executions]
        return [(one["qty"], one["price"]) for one in told]
