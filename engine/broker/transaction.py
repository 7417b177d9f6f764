"""One transaction: the events of a command or tick, applied as they are decided, and the result that comes of them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar, TypeVarTuple

from engine.broker import events as ev
from engine.broker import invariants
from engine.broker.account import Account
from engine.broker.command_result import CommandResult
from engine.broker.moment import Moment
from engine.broker.order import Order
from engine.broker.updates import Touched
from engine.topics import Interest, Update

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


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
            orders = () if one.is_cleared else one.orders.values()
            broken += invariants.violations(one.account, orders, one.positions)
        if broken:
            self.violations += len(broken)
            self.last = broken[-1]
        return tuple(broken)


class Indexes(Protocol):
    """Who has to know that an account evolved: the broker."""

    ledger: Ledger

    def index(self, account: Account, event: ev.Event) -> None:
        """Bring the indexes over accounts up to date after one evolved by a trade, or in itself."""

    def file(self, order: Order) -> None:
        """Put an order where its state belongs now."""


class Transaction:
    """The events of one command or tick.

    Args:
        broker: Whose indexes follow.
        cause: What made it happen.
        moment: Time and market.
    """

    def __init__(self, broker: Indexes, cause: str, moment: Moment) -> None:
        self._broker = broker
        self._cause = cause
        self._events: list[ev.Event] = []
        self._touched: dict[str, Touched] = {}
        self.moment = moment

    @property
    def now_ms(self) -> int:
        """Market time of the command or tick."""
        return self.moment.now_ms

    def run(self, account: Account, events: Iterator[ev.Event]) -> None:
        """Apply each event before the rule that decides them goes on, then file the orders that changed.

        Rules look for orders in accounts only: an order that comes and goes within one rule is never filed.
        """
        touched, broker = self.touched_of(account), self._broker
        changed: dict[Order, None] = {}
        for event in events:
            order = touched.apply(event)
            self._events.append(event)
            if order is not None:
                changed[order] = None
            if order is None or type(event) is ev.OrderExecuted:
                broker.index(account, event)
        for order in changed:
            broker.file(order)

    def whole(self, on_torn: Callable[[CommandResult], object], act: Callable[[*Ts], T], *args: *Ts) -> T:
        """Return what `act` does with this transaction.

        An error that leaves a part of it done is handed on, and before it that part: state is ahead of the journal.
        """
        try:
            return act(*args)
        except BaseException:
            if self._events:
                on_torn(CommandResult(self._cause, self.now_ms, tuple(self._events), [], is_torn=True))
            raise

    def touched_of(self, account: Account) -> Touched:
        """Return what this transaction touched in an account."""
        touched = self._touched.get(account.id)
        if touched is None:
            touched = self._touched[account.id] = Touched(account)
        return touched

    def close(self, interest: Interest) -> CommandResult:
        """Prove the ledger and return the result, updates in the order of publication."""
        updates: list[Update] = []
        proven: list[Touched] = []
        cleared: list[tuple[str, int]] = []
        opened: list[str] = []
        for one in self._touched.values():
            updates += one.updates(interest, self.moment)
            if one.orders:
                proven.append(one)
            if one.is_cleared:
                cleared.append((one.account.id, one.account.generation))
            if one.is_new:
                opened.append(one.account.id)
        broken = self._broker.ledger.check(proven)
        events = tuple(self._events)
        return CommandResult(self._cause, self.moment.now_ms, events, updates, broken, tuple(cleared), tuple(opened))
