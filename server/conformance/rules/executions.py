"""Rules of executions: ids, their orders, prices, and the sums that orders show of them."""

from server.conformance.rule import EXECUTIONS, ORDERS, TRADING, TRADINGVIEW, Rule, Verdict, demand
from server.conformance.rules.orders import LIMITED, is_on_grid
from server.conformance.state import Fills, Json, Step, is_same_qty

UNKNOWN_TICK = 1e-4
"""Stands for the tick of an instrument that is not known."""


def average_error(instrument: Json | None) -> float:
    """Return the error that an average price may have: it may be rounded to the tick."""
    return 0.505 * (UNKNOWN_TICK if instrument is None else float(instrument["minTick"]))


def id_is_new(step: Step) -> Verdict:
    """Apply `execution-once`."""
    return demand(step.id not in step.account.execution_ids, f"execution {step.id} was told twice")


def execution_is_positive(step: Step) -> Verdict:
    """Apply `execution-positive`."""
    qty, price = step.payload["qty"], step.payload["price"]
    return demand(qty > 0 and price > 0, f"execution {step.id}: {qty} at {price} is not above 0")


def price_is_on_the_tick_grid(step: Step) -> Verdict:
    """Apply `execution-tick-grid`."""
    instrument = step.instrument()
    if instrument is None or instrument.get("variableMinTick"):
        return None
    price, tick = step.payload["price"], instrument["minTick"]
    return demand(is_on_grid(price, tick), f"execution {step.id}: price {price} is not a multiple of {tick}")


def execution_fits_its_order(step: Step) -> Verdict:
    """Apply `execution-of-order`."""
    order, execution = step.account.orders.get(step.payload["orderId"]), step.payload
    if order is None:
        return None
    bad = [f"{name} {execution[name]}" for name in ("symbol", "side") if execution[name] != order[name]]
    return demand(not bad, f"execution {step.id} of {order['id']} has {', '.join(bad)}, unlike the order")


def net_amount_is_value_and_commission(step: Step) -> Verdict:
    """Apply `net-amount`."""
    one, point_value = step.payload, step.point_value()
    if point_value is None or one.get("netAmount") is None:
        return None
    wanted = -one["side"] * one["qty"] * one["price"] * point_value - (one.get("commission") or 0.0)
    fault = f"execution {step.id}: netAmount {one['netAmount']} is not {wanted:.2f}"
    return demand(abs(one["netAmount"] - wanted) <= 0.0101, fault)


def fills_of(step: Step) -> Fills | None:
    """Return the executions of the order; None while the executions are not followed."""
    if not step.account.follows("executions", "orders") or step.payload.get("filledQty") is None:
        return None
    return step.account.fills[step.id]


def base_of(step: Step, fills: Fills) -> float | None:
    """Return the filled quantity before the first told execution; None if it is unknown."""
    if fills.base_qty is None and step.account.has_all_orders and step.order_before is None:
        return 0.0
    return fills.base_qty


def execution_comes_before_its_order(step: Step) -> Verdict:
    """Apply `execution-before-order`."""
    fills = fills_of(step)
    if fills is None or (base := base_of(step, fills)) is None:
        return None
    filled, told = step.payload["filledQty"], base + fills.qty
    fault = f"order {step.id}: filledQty is {filled}, and executions of {told:.10g} were told"
    return demand(filled <= told or is_same_qty(filled, told), fault)


def filled_quantity_is_the_sum_of_executions(step: Step) -> Verdict:
    """Apply `filled-is-executions`."""
    fills = fills_of(step)
    if fills is None:
        return None
    filled, told = step.payload["filledQty"], (base_of(step, fills) or 0.0) + fills.qty
    fault = f"order {step.id}: filledQty is {filled}, and executions of {told:.10g} were told"
    return demand(filled >= told or is_same_qty(filled, told), fault)


def average_is_that_of_the_executions(step: Step) -> Verdict:
    """Apply `average-of-executions`."""
    fills, average = fills_of(step), step.payload.get("avgPrice")
    if fills is None or not fills.qty or average is None or (base := base_of(step, fills)) is None:
        return None
    wanted = (fills.base_value + fills.value) / (base + fills.qty)
    return demand(
        abs(average - wanted) <= average_error(step.instrument()),
        f"order {step.id}: avgPrice {average} is not {wanted:.6f}",
    )


def price_is_within_the_limit(step: Step) -> Verdict:
    """Apply `execution-within-limit`."""
    order, fills = step.payload, fills_of(step)
    limit = order.get("limitPrice")
    if fills is None or fills.lowest is None or fills.highest is None or order["type"] not in LIMITED or limit is None:
        return None
    worst = fills.highest if order["side"] > 0 else fills.lowest
    return demand((worst - limit) * order["side"] <= 0, f"order {step.id} with the limit {limit} traded at {worst}")


RULES = (
    Rule("execution-once", "An execution is told once.", TRADINGVIEW, EXECUTIONS, id_is_new),
    Rule(
        "execution-positive",
        "Quantity and price of an execution are above 0.",
        TRADINGVIEW,
        EXECUTIONS,
        execution_is_positive,
    ),
    Rule(
        "execution-tick-grid",
        "Prices of executions are multiples of the tick.",
        TRADING,
        EXECUTIONS,
        price_is_on_the_tick_grid,
    ),
    Rule(
        "execution-of-order",
        "An execution has symbol and side of its order.",
        TRADINGVIEW,
        EXECUTIONS,
        execution_fits_its_order,
    ),
    Rule(
        "net-amount",
        "netAmount is minus the signed value, minus the commission.",
        TRADING,
        EXECUTIONS,
        net_amount_is_value_and_commission,
    ),
    Rule(
        "execution-before-order",
        "An execution is told before the order that shows it.",
        TRADING,
        ORDERS,
        execution_comes_before_its_order,
    ),
    Rule(
        "filled-is-executions",
        "The filled quantity is the sum of the executions.",
        TRADING,
        ORDERS,
        filled_quantity_is_the_sum_of_executions,
    ),
    Rule(
        "average-of-executions",
        "avgPrice is the average of the executions.",
        TRADING,
        ORDERS,
        average_is_that_of_the_executions,
    ),
    Rule("execution-within-limit", "No execution is worse than the limit.", TRADING, ORDERS, price_is_within_the_limit),
)
