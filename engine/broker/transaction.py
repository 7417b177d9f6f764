"""One transaction: the events of a command or tick, applied as they are decided, and the batch that comes of them."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from engine.broker import events as ev
from engine.broker import proof
from engine.broker.account import Account
from engine.broker.batch import Batch
from engine.broker.cascade import Touched
from engine.broker.moment import Moment
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
            orders = () if one.is_cleared else one.orders.values()
            broken.extend(proof.violations(one.account, orders, one.positions))
        if broken:
            self.violations += len(broken)
            self.last = broken[-1]
        return tuple(broken)


class Indexes(Protocol):
    """Who has to know that an account evolved: the broker."""

    ledger: Ledger

    def index(self, account: Account, event: ev.Event) -> None:
        """Bring the indexes up to date after an account evolved."""


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
        """Apply each event before the rule that decides them goes on."""
        touched = self.touched_of(account)
        for event in events:
            touched.apply(event)
            self._broker.index(account, event)
            self._events.append(event)

    def touched_of(self, account: Account) -> Touched:
        """Return what this transaction touched in an account."""
        touched = self._touched.get(account.id)
        if touched is None:
            touched = self._touched[account.id] = Touched(account)
        return touched

    def close(self, interest: Interest) -> Batch:
        """Prove the ledger and return the batch, updates in the order of publication."""
        touched = self._touched.values()
        updates = [update for one in touched for update in one.updates(interest, self.moment)]
        broken = self._broker.ledger.check(one for one in touched if one.orders)
        cleared = tuple((one.account.id, one.account.generation) for one in touched if one.is_cleared)
        opened = tuple(one.account.id for one in touched if one.is_new)
        return Batch(self._cause, self.now_ms, tuple(self._events), updates, broken, cleared, opened)
