"""Two linked orders, of which one cancels the other (OCO), with or without a position.

Both have the same symbol, side and quantity. After one of them trades, the other shrinks by the same quantity; when one
of them ends, the other is canceled. `commands.py` places them with the rules of single orders.
"""

from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.order import Order
from engine.errors import Reason


def _sibling(account: Account, order: Order) -> Order | None:
    """Return the other one of two linked orders, None when it is final."""
    working = account.working.values()
    return next((one for one in working if one.linked == order.linked and one is not order), None)


def shrink_sibling(account: Account, order: Order, qty: int, now_ms: int) -> ev.Events:
    """After an order traded a quantity, take it from the order that it is linked to, or cancel that one."""
    sibling = _sibling(account, order)
    if sibling is None:
        return
    if sibling.remaining <= qty:
        yield ev.OrderCanceled(account.id, now_ms, sibling.id, Reason.OCO, f"{order.id} traded")
        return
    terms = sibling.terms._replace(qty=sibling.terms.qty - qty)
    sent = sibling.sent.model_copy(update={"qty": sibling.instrument.qty_out(terms.qty)})
    reserve = sibling.reserved_for(terms.qty - sibling.filled)
    yield ev.OrderModified(account.id, now_ms, sibling.id, sent, terms, reserve, terms.qty - sibling.filled)


def cancel_sibling(account: Account, order: Order, now_ms: int) -> ev.Events:
    """Cancel the order that a canceled order is linked to."""
    sibling = _sibling(account, order)
    if sibling is not None:
        yield ev.OrderCanceled(account.id, now_ms, sibling.id, Reason.OCO, f"{order.id} was canceled")
