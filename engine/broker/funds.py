"""Funds of an account: its exact money, and the sums of its trades in other currencies.

account.py changes them with each event; invariants.py compares them with each other.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from engine.broker.conversion import converted
from engine.broker.events import Rate


class Beginning(NamedTuple):
    """When an account started or was reset, and its counts of orders and executions by then."""

    time_ms: int = 0
    orders: int = 0
    executions: int = 0


@dataclass(slots=True)
class ForeignMoney:
    """Sums of an account's trades in one currency that is not its own.

    Attributes:
        cash: Minus the signed value of all trades, in money units of that currency.
        realised: Realised profit, in money units of that currency.
        booked: The same profit in money units of the account's currency, as it was posted.
    """

    cash: int = 0
    realised: int = 0
    booked: int = 0


@dataclass(slots=True)
class Funds:
    """Exact money of an account, in money units of its currency.

    Attributes:
        balance: `deposits + realised - commissions`; it could be computed.
        cash: Deposits and commissions, and minus the signed value of all trades in the account's currency.
        day, day_balance: The last day with an event (days since 1970, UTC), and the balance at its start.
        foreign: The trades in other currencies, by currency.
    """

    deposits: int = 0
    realised: int = 0
    commissions: int = 0
    balance: int = 0
    cash: int = 0
    day: int = 0
    day_balance: int = 0
    foreign: dict[str, ForeignMoney] = field(default_factory=dict)

    def begin_day(self, day: int) -> None:
        """Keep the balance at the start of a day, at its first event."""
        if day > self.day:
            self.day, self.day_balance = day, self.balance

    def post(self, realised: int, commission: int) -> None:
        """Post the realised profit and the commission of a trade."""
        self.realised += realised
        self.commissions += commission
        self.balance += realised - commission
        self.cash -= commission

    def book_foreign(self, currency: str, cash: int, realised: int, rate: Rate) -> int:
        """Count a trade in another currency; returns its realised profit in the account's, rounded once.

        `cash` and `realised` are money units of that currency.
        """
        money = self.foreign.setdefault(currency, ForeignMoney())
        booked = converted(realised, rate)
        money.cash += cash
        money.realised += realised
        money.booked += booked
        return booked
