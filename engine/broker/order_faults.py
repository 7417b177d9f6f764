"""The order stage of the faults: the decision about a new order that is valid and that the market accepts.

`commands.place` asks once for each order. An outcome is part of the order's events, so it survives a restart, and a
recovery or a fork repeats it without the rule. Quantities and prices of trades stay those of the market.
"""

from typing import NamedTuple

from engine.broker.order import Cap, OrderRequest
from engine.errors import Reason, Refusal
from engine.faults import Case, FaultTable


class Outcome(NamedTuple):
    """The decision about one order.

    Attributes:
        refusal: Why it is rejected; None: it is accepted.
        delay_ms: Market time that it needs in addition until it arrives at the market.
        cap: The quantity that it trades at most, and how it ends; None: no limit.
    """

    refusal: Refusal | None = None
    delay_ms: int = 0
    cap: Cap | None = None


NOTHING = Outcome()


def outcome(faults: FaultTable | None, account_id: str, request: OrderRequest) -> Outcome:
    """Return the outcome of the first rule that applies to an order, `NOTHING` without one."""
    if faults is None or not faults.orders:
        return NOTHING
    case: Case = {
        "account": account_id,
        "symbol": request.symbol,
        "type": int(request.type),
        "side": request.side,
        "clientOrderId": request.sent.clientOrderId,
    }
    rule = faults.take(faults.orders, case)
    if rule is None:
        return NOTHING
    action = rule.action
    if action.reject is not None:
        return Outcome(Refusal(Reason(action.reject.reason), action.reject.message))
    if action.delay is not None:
        return Outcome(delay_ms=action.delay.ms)
    assert action.fill is not None
    instrument = request.instrument
    units = int(action.fill.qty * instrument.qty_scale + 1e-6)
    return Outcome(cap=Cap(units - units % instrument.qty_step, action.fill.then == "cancel"))
