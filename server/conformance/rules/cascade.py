"""Rules of the order of updates: executions, orders, equity, positions, individual positions, brackets."""

from server.conformance.rule import AT_REST, CONTRACT, INDIVIDUAL, ORDERS, POSITIONS, Rule, Verdict, demand
from server.conformance.state import FINAL, OF_INDIVIDUAL_POSITION, OF_POSITION, Step


def order_comes_before_its_position(step: Step) -> Verdict:
    """Apply `order-before-position`."""
    account, symbol = step.account, step.payload["symbol"]
    if not account.follows("executions", "orders", "positions"):
        return None
    late = [order_id for order_id, traded in account.awaited.items() if traded == symbol]
    return demand(not late, f"position {step.id} was told before the order of its execution, {', '.join(late)}")


def equity_comes_before_the_position(step: Step) -> Verdict:
    """Apply `equity-before-position`."""
    account = step.account
    if not account.follows("executions", "equity", "positions"):
        return None
    return demand(not account.is_equity_due, f"position {step.id} was told before the equity after its execution")


def position_comes_before_its_brackets(step: Step) -> Verdict:
    """Apply `position-before-brackets`."""
    account, order = step.account, step.payload
    if order["status"] in FINAL:
        return None
    match order.get("parentType"):
        case kind if kind == OF_POSITION:
            route, places, has_all = "positions", account.positions, account.has_all_positions
        case kind if kind == OF_INDIVIDUAL_POSITION:
            route, places, has_all = "individual-positions", account.individual, account.has_all_individual
        case _:
            return None
    if not has_all or not account.follows("executions", "orders", route):
        return None
    position = places.get(order["parentId"])
    fault = f"bracket {step.id} belongs to {order['parentId']}, which was not told as open yet"
    return demand(position is not None and position["qty"] > 0, fault)


def position_comes_before_its_individual_ones(step: Step) -> Verdict:
    """Apply `position-before-individual`."""
    account, symbol = step.account, step.payload["symbol"]
    if not account.follows("executions", "positions", "individual-positions"):
        return None
    fault = f"individual position {step.id} was told before the net position of {symbol}"
    return demand(symbol not in account.traded, fault)


def every_execution_has_its_order(step: Step) -> Verdict:
    """Apply `order-after-execution`."""
    account = step.account
    if not account.follows("executions", "orders"):
        return None
    return demand(not account.awaited, f"orders were not told after their executions: {', '.join(account.awaited)}")


RULES = (
    Rule(
        "order-before-position",
        "An order is told before its position.",
        CONTRACT,
        POSITIONS,
        order_comes_before_its_position,
    ),
    Rule(
        "equity-before-position",
        "Equity is told before the position.",
        CONTRACT,
        POSITIONS,
        equity_comes_before_the_position,
    ),
    Rule(
        "position-before-individual",
        "A net position is told before its individual ones.",
        CONTRACT,
        INDIVIDUAL,
        position_comes_before_its_individual_ones,
    ),
    Rule(
        "position-before-brackets",
        "A position is told before brackets that belong to it.",
        CONTRACT,
        ORDERS,
        position_comes_before_its_brackets,
    ),
    Rule(
        "order-after-execution",
        "An execution is followed by its order.",
        CONTRACT,
        AT_REST,
        every_execution_has_its_order,
    ),
)
