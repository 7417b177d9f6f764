"""Invariants of an account: conservation laws of orders, positions and money. The checks change nothing.

After every transaction, the audit checks the orders and positions that the transaction changed; `deep_violations`
checks a whole account. Source: docs/trading.md, ledger proof.
"""

from collections.abc import Iterable, Iterator

from engine.broker import exit_levels
from engine.broker.account import Account
from engine.broker.ledger import FLAT, signed_cost
from engine.broker.order import FILLED, Order


class LedgerAudit:
    """Counts of the checks and of the violations since the start.

    Attributes:
        checks: Checked changes of accounts.
        violations: Broken laws.
        last: The last broken law, written for people.
    """

    def __init__(self) -> None:
        self.checks = 0
        self.violations = 0
        self.last: str | None = None

    def check(self, account: Account, orders: Iterable[Order], symbols: Iterable[str]) -> list[str]:
        """Check an account's money and the given orders and symbols; returns the broken laws."""
        self.checks += 1
        broken = violations(account, orders, symbols)
        if broken:
            self.violations, self.last = self.violations + len(broken), broken[-1]
        return broken

    def include(self, before: "LedgerAudit") -> None:
        """Continue the counts of the audit that this one replaces."""
        self.checks = before.checks
        self.violations += before.violations
        self.last = self.last or before.last


def violations(account: Account, orders: Iterable[Order], symbols: Iterable[str]) -> list[str]:
    """Return the broken laws of an account's money and of the given orders and symbols."""
    broken, funds = list[str](), account.funds
    if funds.balance != funds.deposits + funds.realised - funds.commissions:
        broken.append(f"account {account.id}: balance {funds.balance} is not deposits + realised - commissions")
    for order in orders:
        for law in _broken_by(account, order):
            broken.append(f"account {account.id} order {order.id}: {law}")
    for symbol in symbols:
        position = account.positions.get(symbol)
        net, signed = account.net.get(symbol, 0), 0 if position is None else position.holding.qty
        if net != signed:
            broken.append(f"account {account.id}: position {symbol} is {signed}, its executions sum up to {net}")
        if account.is_hedging:
            broken += _broken_by_sum(account, symbol)
        if not signed and symbol in account.brackets:
            broken.append(f"account {account.id}: position {symbol} is closed, its brackets are not final")
    return broken


def _broken_by_sum(account: Account, symbol: str) -> list[str]:
    """Return how a net position differs from the sum of its individual positions."""
    position, own = account.positions.get(symbol), account.individual.of(symbol)
    net = FLAT if position is None else position.holding
    qty, cost = sum(one.holding.qty for one in own), sum(signed_cost(one.holding) for one in own)
    broken: list[str] = []
    if (qty, cost) != (net.qty, signed_cost(net)):
        sums = f"quantity {qty} and cost {cost}"
        broken.append(f"account {account.id}: position {symbol} is {net}, its individual positions have {sums}")
    if (position is None) != (not own):
        broken.append(f"account {account.id}: position {symbol} and its individual positions are at odds")
    return broken


def _broken_by(account: Account, order: Order) -> list[str]:
    """Return the broken laws of an order."""
    broken: list[str] = []
    filled, qty, status, is_final = order.filled, order.terms.qty, order.status, order.is_final
    if not 0 <= filled <= qty:
        broken.append(f"filled {filled} of {qty}")
    traded = account.traded.get(order.id, 0)
    if traded != filled:
        broken.append(f"filled {filled}, its executions sum up to {traded}")
    if (status is FILLED) != (filled == qty):
        broken.append(f"status {status.name} with {filled} of {qty} filled")
    if is_final == (order.id in account.working):
        broken.append(f"status {status.name} and working are at odds")
    if is_final and order.id in account.brackets:
        broken.append(f"status {status.name}, its brackets are not final")
    if order.parent is not None and not is_final:
        parents = account.working if order.is_inactive else account.positions
        if order.parent.id not in parents and account.individual.find(order.parent.id) is None:
            broken.append(f"status {status.name} without its parent {order.parent.id}")
    return broken


def deep_violations(account: Account) -> Iterator[str]:
    """Yield every broken law of a whole account, by a slower and independent calculation.

    In addition to the quick laws, cash plus the cost of the open positions and the booked profit in other currencies is
    the balance; in each other currency, cash plus cost is the realised profit; each order's filled quantity and value
    are those of its kept executions; and exit levels never exceed their position.
    """
    yield from violations(account, [*account.working.values(), *account.final.values()], account.net)
    for symbol in account.reducing:
        for pair, levels in exit_levels.pairs_with_levels(account, symbol).items():
            total = sum(max(order.remaining for order in orders) for orders in levels.values())
            if total > account.reducible_by(next(iter(levels.values()))[0]):
                yield f"account {account.id}: the exit levels of {pair} sum up to {total}, more than their position"
    costs: dict[str, int] = {}
    for position in account.positions.values():
        currency = position.instrument.currency
        costs[currency] = costs.get(currency, 0) + signed_cost(position.holding)
    funds, cost = account.funds, costs.get(account.currency, 0)
    booked = sum(money.booked for money in funds.foreign.values())
    if funds.balance != funds.cash + cost + booked:
        text = f"cash {funds.cash} + cost {cost} + profit in other currencies {booked}"
        yield f"account {account.id}: balance {funds.balance} is not {text}"
    for currency, money in funds.foreign.items():
        cost = costs.get(currency, 0)
        if money.realised != money.cash + cost:
            text = f"cash {money.cash} + cost {cost}"
            yield f"account {account.id}: realised profit in {currency} {money.realised} is not {text}"
    if account.execution_count > len(account.executions):
        return
    sums: dict[str, tuple[int, int]] = {}
    for event in account.executions:
        qty, value = sums.get(event.order_id, (0, 0))
        sums[event.order_id] = (qty + event.qty, value + event.qty * event.price)
    for order in (*account.working.values(), *account.final.values()):
        if sums.get(order.id, (0, 0)) != (order.filled, order.value):
            yield f"account {account.id} order {order.id}: filled {order.filled} is not the sum of its executions"
