"""The engine: the only door. Commands and `step` in; answers, events and updates out.

It reads the clock once per call, asks the feed for quotes once per symbol and call, and hands values from the datafeed
to the broker. Nothing here waits: state has changed completely when a call returns, and the caller publishes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar, TypeVarTuple

from engine import topic_state
from engine.broker import preview, queries, serializers
from engine.broker.account import Account
from engine.broker.broker import Broker
from engine.broker.command_result import CommandResult
from engine.broker.moment import Moment
from engine.broker.transaction import Transaction
from engine.broker.updates import channel
from engine.clock import Clock
from engine.errors import Denied, Missing, Reason, Unavailable
from engine.journal import Outcome
from engine.market.market import Market
from engine.market_view import Watch
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
    """What the engine is told at its start.

    Attributes:
        seed: Seed of the accounts' generators.
        balance, profile: The default account's deposit in US dollars, and its rules.
        max_accounts: How many accounts there may be.
    """

    seed: int = 1
    balance: float = 100_000.0
    profile: Profile = field(default_factory=Profile)
    max_accounts: int = 1000


class Step(NamedTuple):
    """Outcome of one tick: market data, which may leave at once, and the broker's transaction."""

    market: list[Update]
    result: CommandResult


class Engine:
    """Broker and market behind one door. Not thread-safe: one event loop owns it.

    Commands take the id of an account, None for the default one, and raise: Missing UNKNOWN_ACCOUNT; Denied when they
    are wrong on their face, and then nothing was stored.

    Args:
        market: The datafeed.
        clock: Market time.
        interest: Who listens to what; the hub.
        settings: Seed and default account.
        broker: State that was recovered; a new one without it.

    Attributes:
        gate: Asked before anything changes; raises Unavailable while nothing can be stored.
        on_torn: Told of a part that an error left done; who keeps the events has to bring the state back.
    """

    def __init__(
        self, market: Market, clock: Clock, interest: Interest, settings: EngineSettings, broker: Broker | None = None
    ) -> None:
        self.market = market
        self.broker = broker or Broker(market.instruments, settings.seed, settings.max_accounts)
        held = (one for account in self.broker.accounts.values() for one in account.positions.values())
        market.recall(one.quote for one in held if one.quote is not None)
        self.gate: Callable[[], None] = lambda: None
        self.on_torn: Callable[[CommandResult], object] = lambda _batch: None
        self._clock = clock
        self._watch = Watch(market, clock.now_ms())
        self._interest = interest
        self._settings = settings

    def open(self) -> CommandResult:
        """Open the default account; the result must be published like any other."""
        settings = self._settings
        txn = self._begin("open_account")
        name = "Demo Trading Account"
        self.broker.open_account(txn, DEFAULT_ACCOUNT, name, "USD", settings.balance, settings.profile)
        return txn.close(self._interest)

    def adopt(self, profile: Profile) -> CommandResult:
        """Let other rules hold for the default account; the result must be published like any other."""
        txn = self._begin("change_profile")
        self.broker.change_profile(txn, self.account(None), profile)
        return txn.close(self._interest)

    # Commands

    def place_order(self, account_id: str | None, request: PreOrder) -> Outcome[str]:
        """Place an order; the answer is its id, also when it was rejected.

        Publishes executions, orders, equity, positions, bracket children, in this order.
        """
        instrument = self._known(request.symbol)
        order = _canonical(request, instrument)
        return self._do("place_order", account_id, self.broker.place_order, order, instrument)

    def modify_order(self, account_id: str | None, order_id: str, request: PreOrder) -> Outcome[None]:
        """Change an order that is not final. Raises: Missing UNKNOWN_ORDER."""
        self.account(account_id).working_order(order_id)
        order = _canonical(request, self._known(request.symbol))
        return self._do("modify_order", account_id, self.broker.modify_order, order_id, order)

    def cancel_order(self, account_id: str | None, order_id: str) -> Outcome[None]:
        """Cancel an order that is not final. Raises: Missing UNKNOWN_ORDER; Denied ORDER_FINAL."""
        return self._do("cancel_order", account_id, self.broker.cancel_order, order_id)

    def cancel_orders(self, account_id: str | None, query: CancelQuery) -> Outcome[int]:
        """Cancel the matching orders that are not final; the answer is how many. Raises: Denied UNKNOWN_SYMBOL."""
        symbol = None if query.symbol is None else self._known(query.symbol).name
        meant = queries.OrderFilter.of(query, symbol)

        def cancel(txn: Transaction, account: Account) -> int:
            orders = [order for order in account.working.values() if meant.matches(order)]
            for order in orders:
                if not order.is_final:
                    self.broker.cancel_order(txn, account, order.id)
            return len(orders)

        return self._do("cancel_orders", account_id, cancel)

    def close_position(self, account_id: str | None, position_id: str, amount: float | None) -> Outcome[None]:
        """Close `amount` of a position, or all of it. Raises: Missing UNKNOWN_POSITION."""
        symbol = self._position_id(position_id)
        return self._do("close_position", account_id, self.broker.close_position, symbol, amount)

    def reverse_position(self, account_id: str | None, position_id: str) -> Outcome[None]:
        """Turn a position around. Raises: Missing UNKNOWN_POSITION."""
        symbol = self._position_id(position_id)
        return self._do("reverse_position", account_id, self.broker.reverse_position, symbol)

    def edit_brackets(self, account_id: str | None, position_id: str, prices: Brackets) -> Outcome[None]:
        """Give a position other brackets. Raises: Missing UNKNOWN_POSITION."""
        symbol = self._position_id(position_id)
        return self._do("edit_brackets", account_id, self.broker.edit_brackets, symbol, prices)

    def set_leverage(self, account_id: str | None, request: LeverageSetParams) -> Outcome[int]:
        """Change the leverage of a symbol; the answer is what holds from now on."""
        symbol, leverage = self._known(request.symbol).name, queries.read_leverage(request.leverage)
        done = self._do("set_leverage", account_id, self.broker.set_leverage, symbol, leverage)
        return Outcome(leverage, done.result)

    def create_account(self, request: AccountCreate) -> Outcome[Payload]:
        """Open an account; the answer is an AccountInfo. Raises: Denied ACCOUNT_LIMIT, UNSUPPORTED_COMBINATION."""
        txn = self._begin("create_account")
        profile = request.profile or self._settings.profile
        account = self.broker.open_account(txn, request.id, request.name, request.currency, request.balance, profile)
        return Outcome(serializers.account_info(account), txn.close(self._interest))

    def reset_account(self, account_id: str | None, request: AccountReset) -> Outcome[Payload]:
        """Let an account start anew; the answer is its AccountInfo."""

        def reset(txn: Transaction, account: Account) -> Payload:
            self.broker.reset_account(txn, account, request)
            return serializers.account_info(account)

        return self._do("reset_account", account_id, reset)

    def execute_orders(self) -> Outcome[None]:
        """Execute every working order of the simulator accounts at its own price, oldest first."""
        txn = self._begin("execute_orders")
        txn.whole(self.on_torn, self.broker.execute_orders, txn)
        return Outcome(None, txn.close(self._interest))

    def add_scenario(self, request: ScenarioRequest) -> Outcome[Payload | None]:
        """Let something happen to the synthetic market; the answer is a Scenario. Raises: Denied SCENARIO."""
        return self._apply("add_scenario", self.market.added_scenario(request, self._acted().now_ms))

    def end_scenario(self, scenario_id: str) -> Outcome[Payload | None]:
        """End a scenario; the answer is a Scenario, None where it never begins. Raises: Missing, Denied SCENARIO."""
        return self._apply("end_scenario", self.market.ended_scenario(scenario_id, self._acted().now_ms))

    def _apply(self, cause: str, event: MarketEvent) -> Outcome[Payload | None]:
        return Outcome(self.market.evolve(event), CommandResult(cause, event.time_ms, (event,), []))

    # Time

    def step(self) -> Step:
        """Let one tick happen: every instant since the last one, with triggers, matching, ledger and marks."""
        now_ms = self._clock.now_ms()
        market = self.market.updates(self._interest, now_ms)
        try:
            self.gate()
        except Unavailable:
            return Step(market, CommandResult("tick", now_ms, (), []))
        looks = self._watch.looks(self.broker.live_symbols(), now_ms)
        first, is_settled = next(looks)
        txn = Transaction(self.broker, "tick", first)
        txn.whole(self.on_torn, self._walk, txn, is_settled, looks)
        return Step(market, txn.close(self._interest))

    def _walk(self, txn: Transaction, is_settled: bool, later: Iterator[tuple[Moment, bool]]) -> None:
        self.broker.on_tick(txn, is_settled)
        for txn.moment, is_settled in later:
            self.broker.on_tick(txn, is_settled)

    def needs_ticks(self) -> bool:
        """Whether anything depends on time going on: a listener to market data, a working order, an open position."""
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
        """Return the account and the symbol that a broker subscription is about. Raises: Denied UNKNOWN_SYMBOL."""
        assert isinstance(params, AccountSubscription)
        account_id = params.accountId if params.accountId in self.broker.accounts else DEFAULT_ACCOUNT
        symbol = getattr(params, "symbol", None)
        return account_id, None if symbol is None else self._known(symbol).name

    def joined(self, topic: Topic, is_first: bool) -> None:
        """Take note of a new subscriber of a topic, the first or one among others, who has nothing of it yet."""
        if topic.route.module == "datafeed":
            self.market.joined(topic, is_first)

    def snapshot(self, topic: Topic) -> topic_state.State:
        """Return the state of a topic: a list of what REST lists, or one payload; None where there is none."""
        if topic.route.module == "datafeed":
            return topic_state.market_state(topic, self.market, self._clock.now_ms())
        account, symbol = self._broker_source(topic.params)
        return topic_state.broker_state(topic, self.account(account), symbol, self._moment())

    # Questions

    def account(self, account_id: str | None) -> Account:
        """Return an account. Raises: Missing UNKNOWN_ACCOUNT."""
        return self.broker.account(DEFAULT_ACCOUNT if account_id is None else account_id)

    def accounts(self) -> list[Payload]:
        """Return all accounts, oldest first, as AccountInfo."""
        return [serializers.account_info(account) for account in self.broker.accounts.values()]

    def orders(self, account_id: str | None) -> list[Payload]:
        """Return the session's orders, oldest first."""
        return queries.orders(self.account(account_id), self._moment())

    def order(self, account_id: str | None, order_id: str) -> Payload:
        """Return one order. Raises: Missing UNKNOWN_ORDER."""
        return serializers.order_payload(self.account(account_id).order(order_id))

    def order_history(self, account_id: str | None, query: HistoryQuery) -> list[Payload]:
        """Return final orders, oldest first."""
        return queries.order_history(self.account(account_id), query)

    def preview_order(self, account_id: str | None, request: PreOrder) -> Payload:
        """Return what an order would cost, as OrderPreviewResult. Raises: Denied UNKNOWN_SYMBOL."""
        account, instrument = self.account(account_id), self._known(request.symbol)
        liquidity = self.broker.liquidity(account)
        return preview.preview(account, _canonical(request, instrument), instrument, liquidity, self._moment())

    def executions(self, account_id: str | None, query: HistoryQuery) -> list[Payload]:
        """Return executions, oldest first."""
        return queries.executions(self.account(account_id), query)

    def symbol_executions(self, account_id: str | None, name: str) -> list[Payload]:
        """Return the executions of a symbol, oldest first. Raises: Missing UNKNOWN_SYMBOL."""
        account = self.account(account_id)
        return queries.symbol_executions(account, self._known(name, Missing).name)

    def explain(self, account_id: str | None, execution_id: str) -> Payload:
        """Return why a trade came out as it did, as ExecutionExplanation. Raises: Missing UNKNOWN_ORDER."""
        event = self.account(account_id).execution(execution_id)
        return serializers.explanation_payload(event, self.market.instruments[event.symbol])

    def positions(self, account_id: str | None) -> list[Payload]:
        """Return open positions, marked now."""
        return queries.positions(self.account(account_id), self._moment())

    def account_info(self, account_id: str | None) -> Payload:
        """Return who an account is."""
        return serializers.account_payload(self.account(account_id))

    def account_state(self, account_id: str | None) -> Payload:
        """Return the money of an account, marked now."""
        return serializers.equity_payload(self.account(account_id), self._moment())

    def leverage_info(self, account_id: str | None, name: str) -> Payload:
        """Return LeverageInfo of a symbol. Raises: Denied UNKNOWN_SYMBOL."""
        return queries.leverage_info(self.account(account_id), self._known(name))

    def preview_leverage(self, account_id: str | None, request: LeverageSetParams) -> Payload:
        """Return what another leverage would mean, as LeveragePreviewResult. Raises: Denied UNKNOWN_SYMBOL."""
        account, instrument = self.account(account_id), self._known(request.symbol)
        return queries.leverage_preview(account, instrument, request.leverage, self._moment())

    def broker_config(self, account_id: str | None) -> Payload:
        """Return what this broker supports."""
        return queries.broker_config(BrokerConfigFlags.model_fields, self.account(account_id).profile)

    def instrument_info(self, account_id: str | None, name: str) -> Payload:
        """Return the trading facts of a symbol. Raises: Missing UNKNOWN_SYMBOL."""
        instrument = self._known(name, Missing)
        return queries.instrument_info(instrument, self.account(account_id).leverage_of(instrument.name))

    def prepare_bars(self, query: BarsQuery) -> Iterator[None]:
        """Do the work behind `bars` in pieces of a few milliseconds. Raises: Missing UNKNOWN_SYMBOL."""
        return self.market.prepare_bars(query, self._clock.now_ms())

    def bars(self, query: BarsQuery) -> Payload:
        """Return history, nothing after now. Raises: Missing UNKNOWN_SYMBOL, UNSUPPORTED_COMBINATION."""
        return self.market.bars(query, self._clock.now_ms())

    def market_depth(self, name: str) -> Payload:
        """Return the book of a symbol as a DOMData snapshot. Raises: Missing UNKNOWN_SYMBOL."""
        return self.market.depth_data(name, self._clock.now_ms())

    def market_quotes(self, names: list[str]) -> list[Payload]:
        """Return one QuoteData per name, in order; unknown names get an error entry."""
        return self.market.quotes(names, self._clock.now_ms())

    def publish_ticks(self, ticks: Sequence[Tick]) -> int:
        """Take the ticks of an external feed, all or none; returns how many. Raises: Denied."""
        return self.market.publish(ticks, self._clock.now_ms())

    def market_health(self) -> Payload:
        """Return where prices come from, and which are missing."""
        return self.market.health(self._clock.now_ms())

    def now_ms(self) -> int:
        """Return market time in epoch milliseconds."""
        return self._clock.now_ms()

    def _do(
        self, cause: str, account_id: str | None, act: Callable[[Transaction, Account, *Ts], T], *args: *Ts
    ) -> Outcome[T]:
        account = self.account(account_id)
        txn = self._begin(cause)
        value = txn.whole(self.on_torn, act, txn, account, *args)
        return Outcome(value, txn.close(self._interest))

    def _begin(self, cause: str) -> Transaction:
        return Transaction(self.broker, cause, self._acted())

    def _acted(self) -> Moment:
        """Return the moment of a command, before which no later event may be stamped. Raises: Unavailable."""
        self.gate()
        return self._watch.act(self._clock.now_ms(), self.broker.is_idle)

    def _moment(self) -> Moment:
        return self._watch.now(self._clock.now_ms())

    def _position_id(self, position_id: str) -> str:
        instrument = self.market.instrument(position_id)
        return position_id if instrument is None else instrument.name

    def _known(self, name: str, error: type[Denied | Missing] = Denied) -> Instrument:
        instrument = self.market.instrument(name)
        if instrument is None:
            raise error(Reason.UNKNOWN_SYMBOL, f"symbol {name} is not known")
        return instrument


def _canonical(request: PreOrder, instrument: Instrument) -> PreOrder:
    """Return an order that names its symbol as the catalogue does."""
    if request.symbol == instrument.name:
        return request
    return request.model_copy(update={"symbol": instrument.name})
