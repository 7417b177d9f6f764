"""Rules of one order: its status, quantities, prices and times."""

from collections.abc import Container
from decimal import Decimal

from server.conformance.rule import (
    INDIVIDUAL,
    ORDERS,
    POSITIONS,
    TRADING,
    TRADINGVIEW,
    TROUBLE_LIST,
    Rule,
    Verdict,
    demand,
)
from server.conformance.state import (
    FILLED,
    FINAL,
    LIMIT,
    REJECTED,
    STOP,
    STOP_LIMIT,
    Step,
    is_same_qty,
)

LIMITED, STOPPED = (LIMIT, STOP_LIMIT), (STOP, STOP_LIMIT)


def final_status_stays(step: Step) -> Verdict:
    """Apply `final-status-stays`."""
    before, order = step.order_before, step.payload
    if before is None:
        return None
    changed = f"order {step.id} had the final status {before['status']} and has {order['status']} now"
    return demand(before["status"] not in FINAL or order["status"] == before["status"], changed)


def filled_quantity_never_falls(step: Step) -> Verdict:
    """Apply `filled-never-falls`."""
    before, filled = step.order_before, step.payload.get("filledQty")
    if before is None or filled is None or before.get("filledQty") is None:
        return None
    return demand(
        filled >= before["filledQty"], f"order {step.id}: filledQty fell from {before['filledQty']} to {filled}"
    )


def filled_quantity_is_within_the_order(step: Step) -> Verdict:
    """Apply `filled-within-quantity`."""
    qty, filled = step.payload["qty"], step.payload.get("filledQty")
    if filled is None:
        return None
    is_within = filled >= 0 and (filled <= qty or is_same_qty(filled, qty))
    return demand(is_within, f"order {step.id}: filledQty {filled} is not within 0 and qty {qty}")


def filled_means_all(step: Step) -> Verdict:
    """Apply `filled-means-all`."""
    order, filled = step.payload, step.payload.get("filledQty")
    if filled is None:
        return None
    is_whole = is_same_qty(filled, order["qty"])
    fault = f"order {step.id} has status {order['status']} with {filled} of {order['qty']} filled"
    return demand((order["status"] == FILLED) == is_whole, fault)


def identity_stays(step: Step) -> Verdict:
    """Apply `identity-stays`. A triggered stop-limit order may become a limit order."""
    before, order = step.order_before, step.payload
    if before is None:
        return None
    names = ["symbol", "side", *(() if (before["type"], order["type"]) == (STOP_LIMIT, LIMIT) else ("type",))]
    changed = [f"{name} {before[name]} to {order[name]}" for name in names if before[name] != order[name]]
    return demand(not changed, f"order {step.id} changed {', '.join(changed)}")


def prices_of_the_type_are_there(step: Step) -> Verdict:
    """Apply `price-of-type`."""
    order = step.payload
    wanted = [
        *(["limitPrice"] if order["type"] in LIMITED else []),
        *(["stopPrice"] if order["type"] in STOPPED else []),
    ]
    if not wanted:
        return None
    missing = [name for name in wanted if order.get(name) is None]
    return demand(not missing, f"order {step.id} of type {order['type']} has no {' and no '.join(missing)}")


def prices_are_on_the_tick_grid(step: Step) -> Verdict:
    """Apply `tick-grid`."""
    order, instrument = step.payload, step.instrument()
    names = [
        *(["limitPrice"] if order["type"] in LIMITED else []),
        *(["stopPrice"] if order["type"] in STOPPED else []),
    ]
    if instrument is None or not names or instrument.get("variableMinTick"):
        return None
    bad = [
        f"{name} {order[name]}"
        for name in names
        if order.get(name) and not is_on_grid(order[name], instrument["minTick"])
    ]
    return demand(not bad, f"order {step.id}: {', '.join(bad)} is not a multiple of {instrument['minTick']}")


def quantity_is_on_the_lot_grid(step: Step) -> Verdict:
    """Apply `lot-grid`."""
    instrument = step.instrument()
    if instrument is None:
        return None
    qty, step_size = step.payload["qty"], instrument["qty"]["step"]
    return demand(is_on_grid(qty, step_size), f"order {step.id}: qty {qty} is not a multiple of {step_size}")


def is_on_grid(value: float, unit: float) -> bool:
    """Whether a number is a multiple of a unit, as both are written."""
    return Decimal(repr(value)) % Decimal(repr(unit)) == 0


def rejected_order_says_why(step: Step) -> Verdict:
    """Apply `rejected-says-why`."""
    if step.payload["status"] != REJECTED:
        return None
    text = (step.payload.get("message") or {}).get("text")
    return demand(bool(text), f"order {step.id} is rejected without a message")


def update_time_never_falls(step: Step) -> Verdict:
    """Apply `update-time-rises`."""
    before, time = step.order_before, step.payload.get("updateTime")
    if before is None or time is None or before.get("updateTime") is None:
        return None
    return demand(
        time >= before["updateTime"], f"order {step.id}: updateTime fell from {before['updateTime']} to {time}"
    )


def id_is_no_other_id(step: Step) -> Verdict:
    """Apply `ids-not-mixed`."""
    account = step.account
    places: dict[str, Container[str]] = {
        "orders": account.orders,
        "positions": account.positions,
        "individual-positions": account.individual,
        "executions": account.execution_ids,
    }
    others = [route for route, ids in places.items() if route != step.route and step.id in ids]
    return demand(not others, f"{step.id} of {step.route} is an id of {' and '.join(others)}, too")


RULES = (
    Rule("final-status-stays", "A final status never changes.", TRADINGVIEW, ORDERS, final_status_stays),
    Rule("filled-never-falls", "The filled quantity never falls.", TRADING, ORDERS, filled_quantity_never_falls),
    Rule(
        "filled-within-quantity",
        "The filled quantity is not below 0 and not above the quantity.",
        TRADING,
        ORDERS,
        filled_quantity_is_within_the_order,
    ),
    Rule("filled-means-all", "Filled is an order whose whole quantity is filled.", TRADING, ORDERS, filled_means_all),
    Rule("identity-stays", "Symbol, side and type of an order never change.", TRADINGVIEW, ORDERS, identity_stays),
    Rule("price-of-type", "An order has the prices of its type.", TRADINGVIEW, ORDERS, prices_of_the_type_are_there),
    Rule("tick-grid", "Prices of orders are multiples of the tick.", TROUBLE_LIST, ORDERS, prices_are_on_the_tick_grid),
    Rule("lot-grid", "Quantities are multiples of the step.", TRADINGVIEW, ORDERS, quantity_is_on_the_lot_grid),
    Rule("rejected-says-why", "A rejected order has a message.", TRADINGVIEW, ORDERS, rejected_order_says_why),
    Rule("update-time-rises", "The update time of an order never falls.", TRADING, ORDERS, update_time_never_falls),
    Rule(
        "ids-not-mixed",
        "An id means one thing only.",
        TROUBLE_LIST,
        ORDERS | POSITIONS | INDIVIDUAL,
        id_is_no_other_id,
    ),
)
