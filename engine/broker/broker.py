"""The broker: accounts, their working orders by symbol, and the transactions that commands and ticks become.

Quotes come in as values for one instant; events and updates go out in a `Batch`. Called by engine/core.py alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from random import Random

from engine.broker import decisions, proof
from engine.broker import events as ev
from engine.broker.account import Account, OpenPosition, QuoteOf
from engine.broker.batch import Batch
from engine.broker.cascade import Touched
from engine.broker.fills import Liquidity, Simulator
from engine.broker.ledger import money_in
from engine.broker.matching import mark_price
from engine.broker.order import Order
from engine.broker.triggers import Triggers
from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import Profile
from engine.models.broker.orders import PreOrder
from engine.models.market.instruments import Instrument
from engine.topics import Interest


class Ledger:
    """Score of the ledger proof since the start."""

    def __init__(self) -> None:
        self.checks = 0
        self.violations = 0
        self.last: str | None = None

    def check(self, touched: Iterable[Touched]) -> tuple[str, ...]:
        """Prove what a transaction touched; returns the broken laws."""
        broken: list[str] = []
        for one in touched:
            self.checks += 1
            broken.extend(proof.violations(one.account, one.orders.values(), one.positions))
        if broken:
            self.violations += len(broken)
            self.last = broken[-1]
        return tuple(broken)


class Transaction:
    """The events of one command or tick, applied as they are decided.

    Args:
        broker: Whose accounts and indexes change.
        cause: What made it happen.
        quotes: The market at `now_ms`.
        now_ms: Market time.
    """

    def __init__(self, broker: "Broker", cause: str, quotes: QuoteOf, now_ms: int) -> None:
        self._broker = broker
        self._cause = cause
        self._events: list[ev.Event] = []
        self.quotes = quotes
        self.now_ms = now_ms
        self.touched: dict[str, Touched] = {}

    def run(self, account: Account, events: Iterator[ev.Event]) -> None:
        """Apply each event before the rule that decides them goes on."""
        touched = self.touched_of(account)
        for event in events:
            touched.apply(event)
            self._broker.index(account, event)
            self._events.append(event)

    def touched_of(self, account: Account) -> Touched:
        """Return what this transaction touched in an account."""
        touched = self.touched.get(account.id)
        if touched is None:
            touched = self.touched[account.id] = Touched(account)
        return touched

    def close(self, interest: Interest) -> Batch:
        """Prove the ledger and return the batch, updates in the order of publication."""
        touched = self.touched.values()
        updates = [update for one in touched for update in one.updates(interest, self.quotes, self.now_ms)]
        broken = self._broker.ledger.check(one for one in touched if one.orders)
        return Batch(self._cause, self.now_ms, tuple(self._events), updates, broken)


class Broker:
    """All accounts, and the indexes over them.

    Args:
        instruments: The catalogue by canonical name.
        seed: Seed of the accounts' generators.
    """

    def __init__(self, instruments: Mapping[str, Instrument], seed: int) -> None:
        self.accounts: dict[str, Account] = {}
        self.ledger = Ledger()
        self._instruments = instruments
        self._seed = seed
        self._triggers: dict[str, Triggers] = {}
        self._holders: dict[str, dict[str, Account]] = {}
        self._liquidity: dict[str, Liquidity] = {}
        self._simulators: dict[str, Simulator] = {}

    def account(self, account_id: str) -> Account:
        """Return an account. Raises: Missing UNKNOWN_ACCOUNT."""
        account = self.accounts.get(account_id)
        if account is None:
            raise Missing(Reason.UNKNOWN_ACCOUNT, f"account {account_id} does not exist")
        return account

    def index(self, account: Account, event: ev.Event) -> None:
        """Bring the indexes up to date after an account evolved."""
        if isinstance(event, ev.AccountOpened):
            self._open(account)
            return
        order = account.order(event.order_id)
        if order.account_id not in self._simulators and not isinstance(event, ev.OrderRejected):
            self._triggers_of(order.instrument).file(order)
        if isinstance(event, ev.OrderExecuted):
            holders = self._holders.setdefault(event.symbol, {})
            if event.symbol in account.positions:
                holders[account.id] = account
            else:
                holders.pop(account.id, None)

    def _open(self, account: Account) -> None:
        self.accounts[account.id] = account
        self._liquidity[account.id] = Liquidity()
        if account.profile.fill_model == "simulator":
            self._simulators[account.id] = Simulator(account.profile, Random(f"{self._seed}:{account.id}"))

    def _triggers_of(self, instrument: Instrument) -> Triggers:
        triggers = self._triggers.get(instrument.name)
        if triggers is None:
            triggers = self._triggers[instrument.name] = Triggers(instrument.trigger)
        return triggers

    def open_account(
        self, txn: Transaction, account_id: str, name: str, currency: str, balance: float, profile: Profile
    ) -> None:
        """Open an account with a deposit in its currency. Raises: Denied ACCOUNT_LIMIT when the id is taken."""
        if account_id in self.accounts:
            raise Denied(Reason.ACCOUNT_LIMIT, f"account {account_id} exists already")
        event = ev.AccountOpened(account_id, txn.now_ms, name, currency, money_in(balance), profile)
        account = Account(self._instruments, id=account_id)
        txn.run(account, iter((event,)))

    def place_order(self, txn: Transaction, account: Account, request: PreOrder, instrument: Instrument) -> Order:
        """Take an order and give it what the market gives at once. Raises: Denied."""
        quote = txn.quotes(instrument.name)
        order_id = account.next_order_id()
        txn.run(account, decisions.place(account, request, instrument, quote, txn.now_ms))
        order = account.order(order_id)
        self._match(txn, order, is_arriving=True)
        return order

    def modify_order(self, txn: Transaction, account: Account, order_id: str, request: PreOrder) -> None:
        """Change a working order; a price that reaches the market trades at once. Raises: Missing, Denied."""
        order = account.working_order(order_id)
        quote = txn.quotes(order.symbol)
        txn.run(account, decisions.modify(account, order_id, request, quote, txn.now_ms))
        self._match(txn, order, is_arriving=True)

    def cancel_order(self, txn: Transaction, account: Account, order_id: str) -> None:
        """Cancel a working order. Raises: Missing, Denied."""
        txn.run(account, decisions.cancel(account, order_id, txn.now_ms))

    def close_position(self, txn: Transaction, account: Account, position_id: str, amount: float | None) -> None:
        """Close a position or part of it with a market order that cannot flip it. Raises: Missing, Denied."""
        order_id = account.next_order_id()
        txn.run(account, decisions.close(account, position_id, amount, txn.now_ms))
        self._match(txn, account.order(order_id), is_arriving=True)

    def execute_orders(self, txn: Transaction) -> None:
        """Execute the working orders of every simulator account once, oldest first."""
        for account_id in self._simulators:
            account = self.accounts[account_id]
            for order in list(account.working.values()):
                self._simulate(txn, account, order)

    def on_tick(self, txn: Transaction) -> None:
        """Give every working order what the market gives it now, and mark the open positions."""
        for symbol, triggers in self._triggers.items():
            if len(triggers):
                for order in triggers.reached(txn.quotes(symbol)):
                    self._match(txn, order, is_arriving=False)
        for account_id, simulator in self._simulators.items():
            account = self.accounts[account_id]
            order_due = simulator.pick(list(account.working.values()), txn.now_ms)
            if order_due is not None:
                self._simulate(txn, account, order_due)
        self._mark(txn)

    def _match(self, txn: Transaction, order: Order, is_arriving: bool) -> None:
        """Match a working order by the market's rules and see that it is filed."""
        if not order.is_working or order.account_id in self._simulators:
            return
        account = self.accounts[order.account_id]
        liquidity = self._liquidity[order.account_id]
        quote = txn.quotes(order.symbol)
        txn.run(account, decisions.match(account, order, quote, liquidity, txn.now_ms, is_arriving))
        if order.is_working and not order.place:
            self._triggers_of(order.instrument).file(order)

    def _simulate(self, txn: Transaction, account: Account, order: Order) -> None:
        if order.is_working:
            txn.run(account, decisions.simulate(account, order, txn.quotes(order.symbol), txn.now_ms))

    def _mark(self, txn: Transaction) -> None:
        """Find the positions whose mark moved; each is told once a tick, together with its account's equity."""
        for symbol, holders in self._holders.items():
            if not holders:
                continue
            quote = txn.quotes(symbol)
            for account in holders.values():
                position: OpenPosition = account.positions[symbol]
                mark = mark_price(position.holding.qty, quote)
                if mark != position.mark:
                    position.mark = mark
                    txn.touched_of(account).moved.append(position)

    def live_symbols(self) -> Iterator[str]:
        """Yield the symbols that have working orders by market rules, or open positions."""
        yield from (symbol for symbol, triggers in self._triggers.items() if len(triggers))
        yield from (symbol for symbol, holders in self._holders.items() if holders)

    def has_simulated_orders(self) -> bool:
        """Whether a simulator has something to execute by itself."""
        return any(
            self.accounts[account_id].working and not self.accounts[account_id].profile.is_manual
            for account_id in self._simulators
        )
