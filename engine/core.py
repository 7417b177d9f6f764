"""The engine: the only door. Commands and `step` in; answers, events and updates out.

It reads the clock once per call, asks the feed for quotes once per symbol and call, and hands values from the datafeed
to the broker. Nothing here waits: state has changed completely when a call returns, and the caller publishes.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from engine.broker import reports, views
from engine.broker.account import Account
from engine.broker.batch import Batch
from engine.broker.broker import Broker, Transaction
from engine.broker.cascade import channel
from engine.clock import Clock
from engine.datafeed.market import Market
from engine.errors import Denied, Missing, Reason
from engine.journal import Outcome
from engine.models.broker.account import AccountSubscription, Profile
from engine.models.broker.config import BrokerConfigFlags
from engine.models.broker.orders import CancelQuery, HistoryQuery, PreOrder
from engine.models.common import WireModel
from engine.models.market.instruments import Instrument
from engine.models.market.queries import BarsQuery
from engine.models.market.quotes import Quote
from engine.topics import ROUTES, Interest, Payload, Topic, Update

DEFAULT_ACCOUNT = "DEMO-ACCOUNT"
LIVE_ROUTES = tuple(route.name for route in ROUTES.values() if route.module == "datafeed")


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What the engine is told at its start. `balance` is the default account's deposit in US dollars."""

    seed: int = 1
    balance: float = 100_000.0
    profile: Profile = field(default_factory=Profile)


class Step(NamedTuple):
    """Outcome of one tick: market data, which may leave at once, and the broker's transaction."""

    market: list[Update]
    batch: Batch


class Quotes:
    """The market at one instant, each symbol asked for once."""

    __slots__ = ("_market", "_now_ms", "_seen")

    def __init__(self, market: Market, now_ms: int) -> None:
        self._market = market
        self._now_ms = now_ms
        self._seen: dict[str, Quote] = {}

    def __call__(self, symbol: str) -> Quote:
        """Return the quote of a canonical symbol."""
        quote = self._seen.get(symbol)
        if quote is None:
            quote = self._seen[symbol] = self._market.quote(symbol, self._now_ms)
        return quote


class Engine:
    """Broker and market behind one door. Not thread-safe: one event loop owns it.

    Args:
        market: The datafeed.
        clock: Market time.
        interest: Who listens to what; the hub.
        settings: Seed and default account.
    """

    def __init__(self, market: Market, clock: Clock, interest: Interest, settings: EngineSettings) -> None:
        self.market = market
        self.broker = Broker(market.instruments, settings.seed)
        self._clock = clock
        self._interest = interest
        self._settings = settings

    def open(self) -> Batch:
        """Open the default account; the batch must be published like any other."""
        settings = self._settings
        txn = self._begin("open_account")
        self.broker.open_account(
            txn, DEFAULT_ACCOUNT, "Demo Trading Account", "USD", settings.balance, settings.profile
        )
        return txn.close(self._interest)

    # Commands

    def place_order(self, account_id: str | None, request: PreOrder) -> Outcome[str]:
        """Place an order; the answer is its id, also when it was rejected.

        Publishes executions, orders, equity, positions, in this order.

        Raises:
            Missing: UNKNOWN_ACCOUNT.
            Denied: the order is wrong on its face; nothing was stored.
        """
        account = self.account(account_id)
        instrument = self._known(request.symbol)
        if request.symbol != instrument.name:
            request = request.model_copy(update={"symbol": instrument.name})
        txn = self._begin("place_order")
        order = self.broker.place_order(txn, account, request, instrument)
        return Outcome(order.id, txn.close(self._interest))

    def modify_order(self, account_id: str | None, order_id: str, request: PreOrder) -> Outcome[None]:
        """Change a working order. Raises: Missing UNKNOWN_ACCOUNT, UNKNOWN_ORDER; Denied."""
        account = self.account(account_id)
        account.working_order(order_id)
        symbol = self._known(request.symbol).name
        if request.symbol != symbol:
            request = request.model_copy(update={"symbol": symbol})
        txn = self._begin("modify_order")
        self.broker.modify_order(txn, account, order_id, request)
        return Outcome(None, txn.close(self._interest))

    def cancel_order(self, account_id: str | None, order_id: str) -> Outcome[None]:
        """Cancel a working order. Raises: Missing UNKNOWN_ACCOUNT, UNKNOWN_ORDER; Denied ORDER_FINAL."""
        account = self.account(account_id)
        txn = self._begin("cancel_order")
        self.broker.cancel_order(txn, account, order_id)
        return Outcome(None, txn.close(self._interest))

    def cancel_orders(self, account_id: str | None, query: CancelQuery) -> Outcome[int]:
        """Cancel the matching working orders; the answer is how many.

        Raises:
            Missing: UNKNOWN_ACCOUNT.
            Denied: UNKNOWN_SYMBOL.
        """
        account = self.account(account_id)
        symbol = None if query.symbol is None else self._known(query.symbol).name
        meant = reports.OrderFilter.of(query, symbol)
        txn = self._begin("cancel_orders")
        orders = [order for order in account.working.values() if meant.matches(order)]
        for order in orders:
            self.broker.cancel_order(txn, account, order.id)
        return Outcome(len(orders), txn.close(self._interest))

    def close_position(self, account_id: str | None, position_id: str, amount: float | None) -> Outcome[None]:
        """Close `amount` of a position, or all of it. Raises: Missing UNKNOWN_ACCOUNT, UNKNOWN_POSITION; Denied."""
        account = self.account(account_id)
        txn = self._begin("close_position")
        self.broker.close_position(txn, account, position_id, amount)
        return Outcome(None, txn.close(self._interest))

    def execute_orders(self) -> Outcome[None]:
        """Execute every working order of the simulator accounts at its own price, oldest first."""
        txn = self._begin("execute_orders")
        self.broker.execute_orders(txn)
        return Outcome(None, txn.close(self._interest))

    # Time

    def step(self) -> Step:
        """Let one tick happen: quotes, triggers, matching, ledger, marks, in this order."""
        now_ms = self._clock.now_ms()
        market = self.market.updates(self._interest, now_ms)
        txn = Transaction(self.broker, "tick", Quotes(self.market, now_ms), now_ms)
        self.broker.on_tick(txn)
        return Step(market, txn.close(self._interest))

    def needs_ticks(self) -> bool:
        """Whether anything depends on time going on: a listener to market data, a working order, an open position."""
        broker = self.broker
        return (
            broker.has_simulated_orders()
            or next(broker.live_symbols(), None) is not None
            or any(True for route in LIVE_ROUTES for _ in self._interest.topics(route))
        )

    # Topics

    def topic(self, route: str, params: WireModel) -> Topic:
        """Return the topic of a validated subscription.

        Raises:
            Denied: UNKNOWN_SYMBOL; such a subscription creates nothing.
        """
        if ROUTES[route].module == "datafeed":
            return self.market.topic(route, params)
        return self._broker_topic(route, params)

    def _broker_topic(self, route: str, params: WireModel) -> Topic:
        assert isinstance(params, AccountSubscription)
        asked = params.accountId
        account_id = asked if asked in self.broker.accounts else DEFAULT_ACCOUNT
        symbol = getattr(params, "symbol", None)
        if symbol is not None:
            symbol = self._known(symbol).name
        return Topic.of(route, params, channel(route, account_id, symbol))

    # Questions

    def account(self, account_id: str | None) -> Account:
        """Return an account, the default one for None. Raises: Missing UNKNOWN_ACCOUNT."""
        return self.broker.account(DEFAULT_ACCOUNT if account_id is None else account_id)

    def orders(self, account_id: str | None) -> list[Payload]:
        """Return the session's orders, oldest first. Raises: Missing UNKNOWN_ACCOUNT."""
        return reports.orders(self.account(account_id))

    def order(self, account_id: str | None, order_id: str) -> Payload:
        """Return one order. Raises: Missing UNKNOWN_ACCOUNT, UNKNOWN_ORDER."""
        return views.order_payload(self.account(account_id).order(order_id))

    def order_history(self, account_id: str | None, query: HistoryQuery) -> list[Payload]:
        """Return final orders, oldest first. Raises: Missing UNKNOWN_ACCOUNT."""
        return reports.order_history(self.account(account_id), query)

    def executions(self, account_id: str | None, query: HistoryQuery) -> list[Payload]:
        """Return executions, oldest first. Raises: Missing UNKNOWN_ACCOUNT."""
        return reports.executions(self.account(account_id), query)

    def symbol_executions(self, account_id: str | None, name: str) -> list[Payload]:
        """Return the executions of a symbol, oldest first. Raises: Missing UNKNOWN_ACCOUNT, UNKNOWN_SYMBOL."""
        account = self.account(account_id)
        return reports.symbol_executions(account, self._named(name).name)

    def positions(self, account_id: str | None) -> list[Payload]:
        """Return open positions, marked now. Raises: Missing UNKNOWN_ACCOUNT."""
        return reports.positions(self.account(account_id), self._quotes())

    def account_info(self, account_id: str | None) -> Payload:
        """Return who an account is. Raises: Missing UNKNOWN_ACCOUNT."""
        return views.account_payload(self.account(account_id))

    def account_state(self, account_id: str | None) -> Payload:
        """Return the money of an account, marked now. Raises: Missing UNKNOWN_ACCOUNT."""
        return views.equity_payload(self.account(account_id), self._quotes(), self._clock.now_ms())

    def broker_config(self) -> Payload:
        """Return what this broker supports."""
        return reports.broker_config(BrokerConfigFlags.model_fields)

    def instrument_info(self, account_id: str | None, name: str) -> Payload:
        """Return the trading facts of a symbol. Raises: Missing UNKNOWN_ACCOUNT, UNKNOWN_SYMBOL."""
        return reports.instrument_info(self._named(name), self.account(account_id).profile.leverage)

    def bars(self, query: BarsQuery) -> Payload:
        """Return history, nothing after now. Raises: Missing UNKNOWN_SYMBOL."""
        return self.market.bars(query, self._clock.now_ms())

    def market_quotes(self, names: list[str]) -> list[Payload]:
        """Return one QuoteData per name, in order; unknown names get an error entry."""
        return self.market.quotes(names, self._clock.now_ms())

    def now_ms(self) -> int:
        """Return market time in epoch milliseconds."""
        return self._clock.now_ms()

    def _quotes(self) -> Quotes:
        return Quotes(self.market, self._clock.now_ms())

    def _begin(self, cause: str) -> Transaction:
        now_ms = self._clock.now_ms()
        return Transaction(self.broker, cause, Quotes(self.market, now_ms), now_ms)

    def _known(self, name: str) -> Instrument:
        instrument = self.market.instrument(name)
        if instrument is None:
            raise Denied(Reason.UNKNOWN_SYMBOL, f"symbol {name} is not known")
        return instrument

    def _named(self, name: str) -> Instrument:
        instrument = self.market.instrument(name)
        if instrument is None:
            raise Missing(Reason.UNKNOWN_SYMBOL, f"symbol {name} is not known")
        return instrument
