"""The ledger proof: laws of conservation, checked after every cascade on what it touched. It reads, never repairs.

Source: docs/trading.md, ledger proof.
"""

from collections.abc import Iterable, Iterator

from engine.broker.account import Account
from engine.broker.order import Order
from engine.models.broker.orders import OrderStatus


def violations(account: Account, orders: Iterable[Order], symbols: Iterable[str]) -> Iterator[str]:
    """Yield every law that an account breaks, of its money and of the given orders and symbols."""
    yield from _money_laws(account)
    for order in orders:
        yield from _order_laws(account, order)
    for symbol in symbols:
        net, signed = account.net.get(symbol, 0), account.signed_qty(symbol)
        if net != signed:
            yield f"account {account.id}: position {symbol} is {signed}, its executions sum up to {net}"
        if not signed and symbol in account.brackets:
            yield f"account {account.id}: position {symbol} is closed, its brackets work on"


def _money_laws(account: Account) -> Iterator[str]:
    funds = account.funds
    if funds.balance != funds.deposits + funds.realised - funds.commissions:
        yield f"account {account.id}: balance {funds.balance} is not deposits + realised - commissions"


def _order_laws(account: Account, order: Order) -> Iterator[str]:
    name = f"account {account.id} order {order.id}"
    if not 0 <= order.filled <= order.terms.qty:
        yield f"{name}: filled {order.filled} of {order.terms.qty}"
    if account.traded.get(order.id, 0) != order.filled:
        yield f"{name}: filled {order.filled}, its executions sum up to {account.traded.get(order.id, 0)}"
    if (order.status is OrderStatus.FILLED) != (order.filled == order.terms.qty):
        yield f"{name}: status {order.status.name} with {order.filled} of {order.terms.qty} filled"
    if order.is_final == (order.id in account.working):
        yield f"{name}: status {order.status.name} and working are at odds"
    if order.is_final and order.id in account.brackets:
        yield f"{name}: status {order.status.name}, its brackets wait on"
    if order.parent is not None and not order.is_final:
        parents = account.working if order.is_inactive else account.positions
        if order.parent.id not in parents:
            yield f"{name}: status {order.status.name} without its parent {order.parent.id}"


def deep_violations(account: Account) -> Iterator[str]:
    """Yield every broken law of a whole account, by a slower and independent reckoning.

    Besides the quick laws: cash moved by trades plus the cost of what is open is the balance, and each order's filled
    quantity and value are those of its kept executions.
    """
    yield from violations(account, [*account.working.values(), *account.final.values()], account.net)
    cost = 0
    for position in account.positions.values():
        sign = 1 if position.holding.qty > 0 else -1
        cost += sign * position.holding.basis * position.instrument.money_factor
    if account.funds.balance != account.funds.cash + cost:
        yield f"account {account.id}: balance {account.funds.balance} is not cash {account.funds.cash} + cost {cost}"
    if account.execution_count > len(account.executions):
        return
    sums: dict[str, tuple[int, int]] = {}
    for event in account.executions:
        qty, value = sums.get(event.order_id, (0, 0))
        sums[event.order_id] = (qty + event.qty, value + event.qty * event.price)
    for order in (*account.working.values(), *account.final.values()):
        if sums.get(order.id, (0, 0)) != (order.filled, order.value):
            yield f"account {account.id} order {order.id}: filled {order.filled} is not the sum of its executions"
