"""The engine: it runs commands and ticks (`step`), and returns answers, events and updates.

It reads the clock once per call and passes the broker a view of the market at that instant. Every call is synchronous:
all changes of the state are done when it returns, and the caller publishes the result. Queries are functions of
engine/broker/queries.py and methods of engine/market/market.py; their account, view and time come from the engine.
Read next: engine/broker/broker.py.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar, TypeVarTuple

from pydantic import JsonValue

from engine import pip_values
from engine.broker import preview, queries, serializers
from engine.broker.account import Account
from engine.broker.account_commands import check_profile
from engine.broker.broker import Broker
from engine.broker.command_result import CommandResult
from engine.broker.order import OrderRequest
from engine.broker.transaction import Transaction
from engine.broker.updates import channel
from engine.clock import Clock
from engine.errors import Denied, Reason, Unavailable
from engine.exact_time import ExactTime
from engine.journal import Outcome, ResultSink
from engine.market.market import Market
from engine.market.market_view import MarketView, MarketViews
from engine.market.scenarios import Scenarios
from engine.models.broker.account import AccountCreate, AccountReset, AccountSubscription, Profile
from engine.models.broker.leverage import LeverageSetParams
from engine.models.broker.orders import CancelQuery, OrderChange, PreOrder
from engine.models.broker.positions import Brackets
from engine.models.common import WireModel
from engine.models.market.instruments import Instrument
from engine.models.market.scenarios import MarketEvent, ScenarioRequest
from engine.models.market.ticks import Tick
from engine.settings import EngineSettings
from engine.topics import ROUTES, Interest, Payload, State, Topic, Update

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

DEFAULT_ACCOUNT = "DEMO-ACCOUNT"
LIVE_ROUTES = (*(route.name for route in ROUTES.values() if route.module == "datafeed"), pip_values.ROUTE)


class Step(NamedTuple):
    """Outcome of one tick: market data, which may be sent at once, and the broker's result, which is stored first."""

    market: list[Update]
    result: CommandResult


class Engine:
    """Broker and market. Not thread-safe: one event loop owns it.

    Commands take the id of an account, None for the default one, and raise: Missing UNKNOWN_ACCOUNT; Unavailable while
    nothing can be stored; Denied when the command is invalid, and then nothing was changed.

    Args:
        market: The datafeed.
        clock: Market time.
        interest: The current subscriptions; the hub.
        settings: Seed and default account.
        broker: Recovered state; by default a new one.
        sink: The storage; by default every change is accepted.
    """

    def __init__(
        self,
        market: Market,
        clock: Clock,
        interest: Interest,
        settings: EngineSettings,
        broker: Broker | None = None,
        sink: ResultSink | None = None,
    ) -> None:
        self.market = market
        self.broker = broker or Broker(market.instruments, settings.seed)
        held = (one for account in self.broker.accounts.values() for one in account.positions.values())
        market.recall(one.quote for one in held if one.quote is not None)
        self._clock = clock
        self._views = MarketViews(market, clock.now_ms())
        self._exact = ExactTime(market, clock.now_ms()) if settings.is_exact and market.is_synthetic else None
        self._is_advancing = False
        self._interest = interest
        self._settings = settings
        self._sink = sink or ResultSink()
        self._pip_values = pip_values.LivePipValues()

    def replace_state(self, broker: Broker, scenarios: Scenarios) -> None:
        """Replace the state by the stored one after results could not be stored; the violations stay counted."""
        broker.ledger.include(self.broker.ledger)
        self.broker = broker
        self.market.adopt(scenarios)
        if self._exact is not None:
            self._exact.replace_market()

    def open(self) -> CommandResult:
        """Open the default account; the result must be published like any other."""
        settings = self._settings
        request = AccountCreate(id=DEFAULT_ACCOUNT, name="Demo Trading Account", balance=settings.balance)
        return self._open_account("open_account", request, settings.profile).result

    def adopt(self, profile: Profile) -> CommandResult:
        """Change the rules of the default account; the result must be published like any other."""
        return self._run("change_profile", None, self.broker.change_profile, profile).result

    # Commands

    def place_order(self, account_id: str | None, order: PreOrder) -> Outcome[str]:
        """Place an order; the answer is its id, also when it was rejected. Raises: Denied.

        Publishes executions, orders, equity, positions, bracket children, in this order.
        """
        request = OrderRequest.read(order, self.instrument(order.symbol))
        return self._run("place_order", account_id, self.broker.place_order, request, self._settings.faults)

    def place_linked_orders(self, account_id: str | None, orders: Sequence[PreOrder]) -> Outcome[list[str]]:
        """Place two orders of which one cancels the other; the answer is their ids. Raises: Denied."""
        requests = [OrderRequest.read(order, self.instrument(order.symbol)) for order in orders]
        return self._run("place_linked_orders", account_id, self.broker.place_linked, requests)

    def modify_order(
        self, account_id: str | None, order_id: str, change: OrderChange, client_id: str | None = None
    ) -> Outcome[None]:
        """Change an order that is not final; `client_id` is a new `clientOrderId`.

        Raises:
            Missing, Denied: as in `commands.modify`.
        """
        self.account(account_id).working_order(order_id)
        if "symbol" in change.model_fields_set:
            change = change.model_copy(update={"symbol": self.instrument(change.symbol).name})
        return self._run("modify_order", account_id, self.broker.modify_order, order_id, change, client_id)

    def cancel_order(self, account_id: str | None, order_id: str) -> Outcome[None]:
        """Cancel an order that is not final. Raises: Missing UNKNOWN_ORDER; Denied ORDER_FINAL."""
        return self._run("cancel_order", account_id, self.broker.cancel_order, order_id)

    def cancel_orders(self, account_id: str | None, query: CancelQuery) -> Outcome[int]:
        """Cancel the matching orders that are not final; the answer is their number. Raises: Denied UNKNOWN_SYMBOL."""
        symbol = None if query.symbol is None else self.instrument(query.symbol).name

        def cancel(txn: Transaction, account: Account) -> int:
            orders = queries.orders_to_cancel(account, query, symbol)
            for order in orders:
                if not order.is_final:
                    self.broker.cancel_order(txn, account, order.id)
            return len(orders)

        return self._run("cancel_orders", account_id, cancel)

    def close_position(self, account_id: str | None, position_id: str, amount: float | None) -> Outcome[None]:
        """Close `amount` of a position, or all of it. Raises: Missing UNKNOWN_POSITION."""
        symbol = self.market.plain_name(position_id)
        return self._run("close_position", account_id, self.broker.close_position, symbol, amount)

    def close_individual_position(
        self, account_id: str | None, position_id: str, amount: float | None
    ) -> Outcome[None]:
        """Close `amount` of an individual position, or all of it. Raises: Missing UNKNOWN_POSITION."""
        return self._run("close_individual_position", account_id, self.broker.close_individual, position_id, amount)

    def edit_individual_brackets(self, account_id: str | None, position_id: str, prices: Brackets) -> Outcome[None]:
        """Give an individual position other brackets. Raises: Missing UNKNOWN_POSITION."""
        command = self.broker.edit_individual_brackets
        return self._run("edit_individual_brackets", account_id, command, position_id, prices)

    def reverse_position(self, account_id: str | None, position_id: str) -> Outcome[None]:
        """Turn a position into the opposite one. Raises: Missing UNKNOWN_POSITION; Denied REVERSE_WORKING."""
        symbol = self.market.plain_name(position_id)
        return self._run("reverse_position", account_id, self.broker.reverse_position, symbol)

    def edit_brackets(self, account_id: str | None, position_id: str, prices: Brackets) -> Outcome[None]:
        """Give a position other brackets. Raises: Missing UNKNOWN_POSITION."""
        symbol = self.market.plain_name(position_id)
        return self._run("edit_brackets", account_id, self.broker.edit_brackets, symbol, prices)

    def set_leverage(self, account_id: str | None, request: LeverageSetParams) -> Outcome[int]:
        """Change the leverage of a symbol; the answer is the new leverage."""
        symbol, leverage = self.instrument(request.symbol).name, queries.read_leverage(request.leverage)
        outcome = self._run("set_leverage", account_id, self.broker.set_leverage, symbol, leverage)
        return Outcome(leverage, outcome.result)

    def create_account(self, request: AccountCreate) -> Outcome[Payload]:
        """Open an account; the answer is an AccountInfo. Raises: Denied ACCOUNT_LIMIT, UNSUPPORTED_COMBINATION."""
        check_profile(request.profile)
        return self._open_account("create_account", request, request.profile or self._settings.profile)

    def _open_account(self, cause: str, request: AccountCreate, profile: Profile) -> Outcome[Payload]:
        txn = self._transaction(cause)
        account = self.broker.open_account(txn, request, profile)
        return Outcome(serializers.account_info(account), txn.close(self._interest))

    def change_profile(self, account_id: str | None, profile: Profile) -> Outcome[None]:
        """Change the rules of an account; its orders and positions stay. Raises: Denied UNSUPPORTED_COMBINATION."""
        check_profile(profile)
        return self._run("change_profile", account_id, self.broker.change_profile, profile)

    def store_document(self, account_id: str | None, name: str, value: dict[str, JsonValue] | None) -> Outcome[None]:
        """Keep a document of a client with an account, or delete it. Raises: Denied ACCOUNT_LIMIT."""
        return self._run("store_document", account_id, self.broker.store_document, name, value)

    def reset_account(self, account_id: str | None, request: AccountReset) -> Outcome[Payload]:
        """Reset an account; the answer is its AccountInfo. Raises: Denied UNSUPPORTED_COMBINATION."""
        check_profile(request.profile)
        outcome = self._run("reset_account", account_id, self.broker.reset_account, request)
        return Outcome(serializers.account_info(self.account(account_id)), outcome.result)

    def execute_orders(self) -> Outcome[None]:
        """Execute every working order of the simulator accounts at its own price, oldest first."""
        txn = self._transaction("execute_orders")
        txn.run_or_report_partial(self._sink.submit, self.broker.execute_orders, txn)
        return Outcome(None, txn.close(self._interest))

    def add_scenario(self, request: ScenarioRequest) -> Outcome[Payload | None]:
        """Add a scenario to the synthetic market; the answer is a Scenario. Raises: Denied SCENARIO."""
        return self._apply("add_scenario", self.market.added_scenario(request, self._market_at_command().now_ms))

    def end_scenario(self, scenario_id: str) -> Outcome[Payload | None]:
        """End a scenario; the answer is a Scenario, None if it had not begun. Raises: Missing, Denied SCENARIO."""
        return self._apply("end_scenario", self.market.ended_scenario(scenario_id, self._market_at_command().now_ms))

    def publish_ticks(self, ticks: Sequence[Tick]) -> int:
        """Take ticks of an external feed; the answer is their number. Raises: Denied TICK_ORDER, UNKNOWN_SYMBOL."""
        return self.market.publish(ticks, self._clock.now_ms())

    def _apply(self, cause: str, event: MarketEvent) -> Outcome[Payload | None]:
        payload = self.market.evolve(event)
        if self._exact is not None:
            self._exact.replace_market()
        return Outcome(payload, CommandResult(cause, event.time_ms, (event,), []))

    # Time

    def market_updates(self) -> list[Update]:
        """Return the updates of market data since the last call."""
        market = self.market.updates(self._interest, self._clock.now_ms())
        return market + self._pip_values.updates(self._interest, self.snapshot)

    def step(self) -> Step:
        """Process one tick: every instant since the last one, with triggers, matching, ledger and marks."""
        now_ms = self._clock.now_ms()
        market = self.market_updates()
        try:
            self._sink.check_writable()
        except Unavailable:
            return Step(market, CommandResult("tick", now_ms, (), []))
        return Step(market, self._advance(now_ms))

    def _advance(self, now_ms: int) -> CommandResult:
        """Process every instant since the last one that was processed, up to `now_ms`."""
        if self._exact is not None:
            result = CommandResult("tick", now_ms, (), [])
            for one in self.catch_up(now_ms):
                if one is not None:
                    if result.events or result.updates:
                        self._sink.submit(result)
                    result = one
            return result
        instants = self._views.instants(self.broker.live_symbols(), now_ms)
        txn = Transaction(self.broker, "tick", next(instants))
        txn.run_or_report_partial(self._sink.submit, self._process, txn, instants)
        return txn.close(self._interest)

    def _process(self, txn: Transaction, later: Iterator[MarketView]) -> None:
        self.broker.on_tick(txn)
        for view in later:
            txn.advance(view)
            self.broker.on_tick(txn)

    def catch_up(self, until_ms: int) -> Iterator[CommandResult | None]:
        """Process the instants up to `until_ms` one by one; needs `is_exact`. Every result must be published.

        Yields the result of each instant that was processed, at least of the last one, and None after each part of the
        search for the next one. The state is consistent at each of them, so the caller may stop there and go on later.
        """
        exact = self._exact
        if exact is None:
            raise Denied(Reason.UNSUPPORTED_COMBINATION, "time can be skipped in the synthetic market only")
        for view in exact.instants(self.broker, until_ms):
            if view is None:
                yield None
                continue
            txn = Transaction(self.broker, "tick", view)
            txn.run_or_report_partial(self._sink.submit, self.broker.on_tick, txn)
            result = txn.close(self._interest)
            exact.processed(view, bool(result.events))
            yield result

    def behind_ms(self) -> int:
        """Return the market time that no tick has processed yet; 0 where it has no effect, and without `is_exact`."""
        if self._exact is None or not (self.broker.has_waiting_orders() or not self.broker.is_idle):
            return 0
        return self._clock.now_ms() - self._exact.since_ms

    def set_advancing(self, is_advancing: bool) -> None:
        """Refuse commands with CLOCK_ADVANCING while a caller moves the clock, or accept them again."""
        self._is_advancing = is_advancing

    def needs_ticks(self) -> bool:
        """Whether ticks have an effect: market data has a subscriber, an order works, or a position is open."""
        broker = self.broker
        return (
            broker.has_waiting_orders()
            or not broker.is_idle
            or any(True for route in LIVE_ROUTES for _ in self._interest.topics(route))
        )

    # Topics

    def topic(self, route: str, params: WireModel) -> Topic:
        """Return the topic of a validated subscription. Raises: Denied UNKNOWN_SYMBOL."""
        if isinstance(params, AccountSubscription):
            return Topic.of(route, params, channel(route, *self._broker_source(params)))
        return self.market.topic(route, params)

    def _broker_source(self, params: AccountSubscription) -> tuple[str, str | None]:
        """Return the account and the symbol of a subscription. Raises: Denied UNKNOWN_SYMBOL."""
        account_id = params.accountId if params.accountId in self.broker.accounts else DEFAULT_ACCOUNT
        symbol = getattr(params, "symbol", None)
        return account_id, None if symbol is None else self.instrument(symbol).name

    def joined(self, topic: Topic, is_first: bool) -> None:
        """Register a new subscriber of a topic; `is_first` when the topic has no other one."""
        if topic.route.module == "datafeed":
            self.market.joined(topic, is_first)
        elif topic.route.name == pip_values.ROUTE:
            self._pip_values.joined(topic)

    def snapshot(self, topic: Topic) -> State:
        """Return the state that a subscriber of a topic starts from; None where there is none."""
        params = topic.params
        if isinstance(params, AccountSubscription):
            account, symbol = self._broker_source(params)
            return queries.topic_state(topic.route.name, self.account(account), symbol, self.view())
        return self.market.topic_state(params, self.now_ms())

    # Sources of the queries in broker/queries.py, broker/serializers.py and `market`

    def now_ms(self) -> int:
        """Return market time in epoch milliseconds."""
        return self._clock.now_ms()

    def view(self) -> MarketView:
        """Return the market now."""
        return self._views.now(self._clock.now_ms())

    def account(self, account_id: str | None) -> Account:
        """Return an account. Raises: Missing UNKNOWN_ACCOUNT."""
        return self.broker.account(DEFAULT_ACCOUNT if account_id is None else account_id)

    def instrument(self, name: str, error: type[Denied] = Denied) -> Instrument:
        """Return the instrument of a name or EXCHANGE:NAME. Raises: `error` UNKNOWN_SYMBOL."""
        instrument = self.market.instrument(name)
        if instrument is None:
            raise error(Reason.UNKNOWN_SYMBOL, f"symbol {name} is not known")
        return instrument

    def preview_order(self, account_id: str | None, order: PreOrder) -> Payload:
        """Return the cost of an order, as OrderPreviewResult. Raises: Denied UNKNOWN_SYMBOL."""
        account, request = self.account(account_id), OrderRequest.read(order, self.instrument(order.symbol))
        return preview.preview(account, request, self.view())

    def _run(
        self, cause: str, account_id: str | None, command: Callable[[Transaction, Account, *Ts], T], *args: *Ts
    ) -> Outcome[T]:
        account = self.account(account_id)
        txn = self._transaction(cause)
        value = txn.run_or_report_partial(self._sink.submit, command, txn, account, *args)
        return Outcome(value, txn.close(self._interest))

    def _transaction(self, cause: str) -> Transaction:
        return Transaction(self.broker, cause, self._market_at_command())

    def _market_at_command(self) -> MarketView:
        """Return the market for a command, after the instants before it were processed. Raises: Unavailable, Denied."""
        if self._is_advancing:
            raise Denied(Reason.CLOCK_ADVANCING, "the clock is advancing; wait until its status is ready")
        self._sink.check_writable()
        now_ms = self._clock.now_ms()
        if self._exact is not None:
            self._sink.submit(self._advance(now_ms))
            self._exact.disturb()
        elif self.broker.is_idle:
            self._views.skip(now_ms)
        elif self._views.has_prints(now_ms):
            self._sink.submit(self._advance(now_ms))
        return self._views.now(now_ms)
