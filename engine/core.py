"""The engine: commands and `step` go in; answers, events and updates come out.

It reads the clock once per call and passes the broker a view of the market at that instant. Every call is synchronous:
the state has changed completely when it returns, and the caller publishes the result. engine/broker/broker.py and
engine/market/market.py come next.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar, TypeVarTuple

from engine import topic_state
from engine.broker import preview, queries, serializers
from engine.broker.account import Account
from engine.broker.broker import Broker
from engine.broker.command_result import CommandResult
from engine.broker.order import OrderRequest
from engine.broker.transaction import Transaction
from engine.broker.updates import channel
from engine.clock import Clock
from engine.errors import Denied, Missing, Reason, Unavailable
from engine.journal import NoStorage, Outcome, ResultSink
from engine.market.market import Market
from engine.market.market_view import Instant, MarketView, MarketViews
from engine.market.scenarios import Scenarios
from engine.models.broker.account import AccountCreate, AccountReset, AccountSubscription, Profile
from engine.models.broker.config import BrokerConfigFlags
from engine.models.broker.leverage import LeverageSetParams
from engine.models.broker.orders import CancelQuery, HistoryQuery, PreOrder
from engine.models.broker.positions import Brackets
from engine.models.common import WireModel
from engine.models.market.instruments import Instrument
from engine.models.market.queries import BarsQuery
from engine.models.market.scenarios import MarketEvent, ScenarioRequest
from engine.models.market.ticks import Tick
from engine.topics import ROUTES, Interest, Payload, Topic, Update

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

DEFAULT_ACCOUNT = "DEMO-ACCOUNT"
LIVE_ROUTES = tuple(route.name for route in ROUTES.values() if route.module == "datafeed")


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Settings of an engine.

    Attributes:
        seed: Seed of the accounts' random numbers.
        balance, profile: The default account's deposit in US dollars, and its rules.
        max_accounts: Limit of the number of accounts.
    """

    seed: int = 1
    balance: float = 100_000.0
    profile: Profile = field(default_factory=Profile)
    max_accounts: int = 1000


class Step(NamedTuple):
    """Outcome of one tick: market data, which may be sent at once, and the broker's result."""

    market: list[Update]
    result: CommandResult


class Engine:
    """Broker and market. Not thread-safe: one event loop owns it.

    Commands take the id of an account, None for the default one, and raise: Missing UNKNOWN_ACCOUNT; Unavailable while
    nothing can be stored; Denied when they are wrong in themselves, and then nothing was changed.

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
        self.broker = broker or Broker(market.instruments, settings.seed, settings.max_accounts)
        held = (one for account in self.broker.accounts.values() for one in account.positions.values())
        market.recall(one.quote for one in held if one.quote is not None)
        self._clock = clock
        self._views = MarketViews(market, clock.now_ms())
        self._interest = interest
        self._settings = settings
        self._sink = sink or NoStorage()

    def replace_state(self, broker: Broker, scenarios: Scenarios) -> None:
        """Go on from the stored state, after results that could not be stored; violations stay counted."""
        broker.ledger.include(self.broker.ledger)
        self.broker = broker
        self.market.adopt(scenarios)

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
        request = OrderRequest.read(order, self._known(order.symbol))
        return self._run("place_order", account_id, self.broker.place_order, request)

    def modify_order(self, account_id: str | None, order_id: str, order: PreOrder) -> Outcome[None]:
        """Change an order that is not final. Raises: Missing UNKNOWN_ORDER; Denied."""
        self.account(account_id).working_order(order_id)
        request = OrderRequest.read(order, self._known(order.symbol))
        return self._run("modify_order", account_id, self.broker.modify_order, order_id, request)

    def cancel_order(self, account_id: str | None, order_id: str) -> Outcome[None]:
        """Cancel an order that is not final. Raises: Missing UNKNOWN_ORDER; Denied ORDER_FINAL."""
        return self._run("cancel_order", account_id, self.broker.cancel_order, order_id)

    def cancel_orders(self, account_id: str | None, query: CancelQuery) -> Outcome[int]:
        """Cancel the matching orders that are not final; the answer is their number. Raises: Denied UNKNOWN_SYMBOL."""
        symbol = None if query.symbol is None else self._known(query.symbol).name

        def cancel(txn: Transaction, account: Account) -> int:
            orders = queries.orders_to_cancel(account, query, symbol)
            for order in orders:
                if not order.is_final:
                    self.broker.cancel_order(txn, account, order.id)
            return len(orders)

        return self._run("cancel_orders", account_id, cancel)

    def close_position(self, account_id: str | None, position_id: str, amount: float | None) -> Outcome[None]:
        """Close `amount` of a position, or all of it. Raises: Missing UNKNOWN_POSITION."""
        symbol = self._position_id(position_id)
        return self._run("close_position", account_id, self.broker.close_position, symbol, amount)

    def reverse_position(self, account_id: str | None, position_id: str) -> Outcome[None]:
        """Turn a position into the opposite one. Raises: Missing UNKNOWN_POSITION."""
        symbol = self._position_id(position_id)
        return self._run("reverse_position", account_id, self.broker.reverse_position, symbol)

    def edit_brackets(self, account_id: str | None, position_id: str, prices: Brackets) -> Outcome[None]:
        """Give a position other brackets. Raises: Missing UNKNOWN_POSITION."""
        symbol = self._position_id(position_id)
        return self._run("edit_brackets", account_id, self.broker.edit_brackets, symbol, prices)

    def set_leverage(self, account_id: str | None, request: LeverageSetParams) -> Outcome[int]:
        """Change the leverage of a symbol; the answer is the new leverage."""
        symbol, leverage = self._known(request.symbol).name, queries.read_leverage(request.leverage)
        outcome = self._run("set_leverage", account_id, self.broker.set_leverage, symbol, leverage)
        return Outcome(leverage, outcome.result)

    def create_account(self, request: AccountCreate) -> Outcome[Payload]:
        """Open an account; the answer is an AccountInfo. Raises: Denied ACCOUNT_LIMIT, UNSUPPORTED_COMBINATION."""
        return self._open_account("create_account", request, request.profile or self._settings.profile)

    def _open_account(self, cause: str, request: AccountCreate, profile: Profile) -> Outcome[Payload]:
        txn = self._transaction(cause)
        account = self.broker.open_account(txn, request, profile)
        return Outcome(serializers.account_info(account), txn.close(self._interest))

    def reset_account(self, account_id: str | None, request: AccountReset) -> Outcome[Payload]:
        """Reset an account; the answer is its AccountInfo."""

        def reset(txn: Transaction, account: Account) -> Payload:
            self.broker.reset_account(txn, account, request)
            return serializers.account_info(account)

        return self._run("reset_account", account_id, reset)

    def execute_orders(self) -> Outcome[None]:
        """Execute every working order of the simulator accounts at its own price, oldest first."""
        txn = self._transaction("execute_orders")
        txn.run_or_report_partial(self._sink.submit_partial, self.broker.execute_orders, txn)
        return Outcome(None, txn.close(self._interest))

    def add_scenario(self, request: ScenarioRequest) -> Outcome[Payload | None]:
        """Add a scenario to the synthetic market; the answer is a Scenario. Raises: Denied SCENARIO."""
        return self._apply("add_scenario", self.market.added_scenario(request, self._market_at_command().now_ms))

    def end_scenario(self, scenario_id: str) -> Outcome[Payload | None]:
        """End a scenario; the answer is a Scenario, None if it had not begun. Raises: Missing, Denied SCENARIO."""
        return self._apply("end_scenario", self.market.ended_scenario(scenario_id, self._market_at_command().now_ms))

    def _apply(self, cause: str, event: MarketEvent) -> Outcome[Payload | None]:
        return Outcome(self.market.evolve(event), CommandResult(cause, event.time_ms, (event,), []))

    # Time

    def step(self) -> Step:
        """Process one tick: every instant since the last one, with triggers, matching, ledger and marks."""
        now_ms = self._clock.now_ms()
        market = self.market.updates(self._interest, now_ms)
        try:
            self._sink.check_writable()
        except Unavailable:
            return Step(market, CommandResult("tick", now_ms, (), []))
        instants = self._views.instants(self.broker.live_symbols(), now_ms)
        first = next(instants)
        txn = Transaction(self.broker, "tick", first.view)
        txn.run_or_report_partial(self._sink.submit_partial, self._process, txn, first, instants)
        return Step(market, txn.close(self._interest))

    def _process(self, txn: Transaction, first: Instant, later: Iterator[Instant]) -> None:
        self.broker.on_tick(txn, first.is_current)
        for instant in later:
            txn.advance(instant.view)
            self.broker.on_tick(txn, instant.is_current)

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
        """Return the topic of a validated subscription.

        Raises:
            Denied: UNKNOWN_SYMBOL; such a subscription creates nothing.
        """
        if ROUTES[route].module == "datafeed":
            return self.market.topic(route, params)
        return self._broker_topic(route, params)

    def _broker_topic(self, route: str, params: WireModel) -> Topic:
        return Topic.of(route, params, channel(route, *self._broker_source(params)))

    def _broker_source(self, params: WireModel) -> tuple[str, str | None]:
        """Return the account and the symbol of a broker subscription. Raises: Denied UNKNOWN_SYMBOL."""
        assert isinstance(params, AccountSubscription)
        account_id = params.accountId if params.accountId in self.broker.accounts else DEFAULT_ACCOUNT
        symbol = getattr(params, "symbol", None)
        return account_id, None if symbol is None else self._known(symbol).name

    def joined(self, topic: Topic, is_first: bool) -> None:
        """Register a new subscriber of a topic; `is_first` when the topic has no other one."""
        if topic.route.module == "datafeed":
            self.market.joined(topic, is_first)

    def snapshot(self, topic: Topic) -> topic_state.State:
        """Return the state of a topic: a list of payloads as in REST, or one payload; None where there is none."""
        if topic.route.module == "datafeed":
            return topic_state.market_state(topic, self.market, self._clock.now_ms())
        account, symbol = self._broker_source(topic.params)
        return topic_state.broker_state(topic, self.account(account), symbol, self._view())

    # Queries

    def account(self, account_id: str | None) -> Account:
        """Return an account. Raises: Missing UNKNOWN_ACCOUNT."""
        return self.broker.account(DEFAULT_ACCOUNT if account_id is None else account_id)

    def accounts(self) -> list[Payload]:
        """Return all accounts, oldest first, as AccountInfo."""
        return [serializers.account_info(account) for account in self.broker.accounts.values()]

    def orders(self, account_id: str | None) -> list[Payload]:
        """Return the session's orders, oldest first."""
        return queries.orders(self.account(account_id), self._view())

    def order(self, account_id: str | None, order_id: str) -> Payload:
        """Return one order. Raises: Missing UNKNOWN_ORDER."""
        return serializers.order_payload(self.account(account_id).order(order_id))

    def order_history(self, account_id: str | None, query: HistoryQuery) -> list[Payload]:
        """Return final orders, oldest first."""
        return queries.order_history(self.account(account_id), query)

    def preview_order(self, account_id: str | None, order: PreOrder) -> Payload:
        """Return the cost of an order, as OrderPreviewResult. Raises: Denied UNKNOWN_SYMBOL."""
        account, request = self.account(account_id), OrderRequest.read(order, self._known(order.symbol))
        return preview.preview(account, request, self._view())

    def executions(self, account_id: str | None, query: HistoryQuery) -> list[Payload]:
        """Return executions, oldest first."""
        return queries.executions(self.account(account_id), query)

    def symbol_executions(self, account_id: str | None, name: str) -> list[Payload]:
        """Return the executions of a symbol, oldest first. Raises: Missing UNKNOWN_SYMBOL."""
        account = self.account(account_id)
        return queries.symbol_executions(account, self._known(name, Missing).name)

    def explain(self, account_id: str | None, execution_id: str) -> Payload:
        """Return the rule and the figures behind a trade, as ExecutionExplanation. Raises: Missing UNKNOWN_ORDER."""
        event = self.account(account_id).execution(execution_id)
        return serializers.explanation_payload(event, self.market.instruments[event.symbol])

    def positions(self, account_id: str | None) -> list[Payload]:
        """Return open positions, marked now."""
        return queries.positions(self.account(account_id), self._view())

    def account_info(self, account_id: str | None) -> Payload:
        """Return an account's AccountMetainfo."""
        return serializers.account_payload(self.account(account_id))

    def account_state(self, account_id: str | None) -> Payload:
        """Return an account's EquityData, marked now."""
        return serializers.equity_payload(self.account(account_id), self._view())

    def leverage_info(self, account_id: str | None, name: str) -> Payload:
        """Return LeverageInfo of a symbol. Raises: Denied UNKNOWN_SYMBOL."""
        return queries.leverage_info(self.account(account_id), self._known(name))

    def preview_leverage(self, account_id: str | None, request: LeverageSetParams) -> Payload:
        """Return the effect of another leverage, as LeveragePreviewResult. Raises: Denied UNKNOWN_SYMBOL."""
        account, instrument = self.account(account_id), self._known(request.symbol)
        return queries.leverage_preview(account, instrument, request.leverage, self._view())

    def broker_config(self, account_id: str | None) -> Payload:
        """Return the BrokerConfig for an account."""
        return queries.broker_config(BrokerConfigFlags.model_fields, self.account(account_id).profile)

    def instrument_info(self, account_id: str | None, name: str) -> Payload:
        """Return the trading facts of a symbol. Raises: Missing UNKNOWN_SYMBOL."""
        instrument = self._known(name, Missing)
        return queries.instrument_info(instrument, self.account(account_id).leverage_of(instrument.name))

    def prepare_bars(self, query: BarsQuery) -> Iterator[None]:
        """Prepare the data of `bars` in steps of a few milliseconds. Raises: Missing UNKNOWN_SYMBOL."""
        return self.market.prepare_bars(query, self._clock.now_ms())

    def bars(self, query: BarsQuery) -> Payload:
        """Return history, nothing after now. Raises: Missing UNKNOWN_SYMBOL, UNSUPPORTED_COMBINATION."""
        return self.market.bars(query, self._clock.now_ms())

    def market_depth(self, name: str) -> Payload:
        """Return the book of a symbol as a DOMData snapshot. Raises: Missing UNKNOWN_SYMBOL."""
        return self.market.depth_data(name, self._clock.now_ms())

    def publish_ticks(self, ticks: Sequence[Tick]) -> int:
        """Take the ticks of an external feed, all or none; returns their number. Raises: Denied."""
        return self.market.publish(ticks, self._clock.now_ms())

    def market_health(self) -> Payload:
        """Return the kind of the feed, and the symbols whose price is overdue."""
        return self.market.health(self._clock.now_ms())

    def now_ms(self) -> int:
        """Return market time in epoch milliseconds."""
        return self._clock.now_ms()

    def _run(
        self, cause: str, account_id: str | None, command: Callable[[Transaction, Account, *Ts], T], *args: *Ts
    ) -> Outcome[T]:
        account = self.account(account_id)
        txn = self._transaction(cause)
        value = txn.run_or_report_partial(self._sink.submit_partial, command, txn, account, *args)
        return Outcome(value, txn.close(self._interest))

    def _transaction(self, cause: str) -> Transaction:
        return Transaction(self.broker, cause, self._market_at_command())

    def _market_at_command(self) -> MarketView:
        """Return the market for a command; later events get at least its timestamp. Raises: Unavailable."""
        self._sink.check_writable()
        return self._views.at_command(self._clock.now_ms(), self.broker.is_idle)

    def _view(self) -> MarketView:
        return self._views.now(self._clock.now_ms())

    def _position_id(self, position_id: str) -> str:
        instrument = self.market.instrument(position_id)
        return position_id if instrument is None else instrument.name

    def _known(self, name: str, error: type[Denied | Missing] = Denied) -> Instrument:
        instrument = self.market.instrument(name)
        if instrument is None:
            raise error(Reason.UNKNOWN_SYMBOL, f"symbol {name} is not known")
        return instrument
