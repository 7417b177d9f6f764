"""Rules of brackets: their parent, side and status, and their end."""

from server.conformance.rule import AT_REST, ORDERS, TRADING, TRADINGVIEW, TROUBLE_LIST, Rule, Verdict, demand
from server.conformance.state import (
    FILLED,
    FINAL,
    INACTIVE,
    OF_INDIVIDUAL_POSITION,
    OF_ORDER,
    OF_POSITION,
    AccountState,
    Json,
    Step,
)


def is_bracket(order: Json) -> bool:
    """Whether an order has a parent."""
    return order.get("parentId") is not None


def parent_has_its_type(step: Step) -> Verdict:
    """Apply `parent-type`."""
    order = step.payload
    if not is_bracket(order) and order.get("parentType") is None:
        return None
    fault = f"order {step.id} has parentId {order.get('parentId')} with parentType {order.get('parentType')}"
    return demand(is_bracket(order) == (order.get("parentType") is not None), fault)


def parent_was_told(step: Step) -> Verdict:
    """Apply `parent-told`."""
    order, account = step.payload, step.account
    if not is_bracket(order) or order["status"] in FINAL or not account.follows("executions", "orders", "positions"):
        return None
    parent, kind = order["parentId"], order.get("parentType")
    if kind == OF_ORDER and account.has_all_orders:
        return demand(parent in account.orders, f"order {step.id} names {parent}, which is no order that was told")
    if kind == OF_POSITION and account.has_all_positions:
        return demand(
            parent in account.positions, f"order {step.id} names {parent}, which is no position that was told"
        )
    if kind == OF_INDIVIDUAL_POSITION and account.has_all_individual and account.follows("individual-positions"):
        fault = f"order {step.id} names {parent}, which is no individual position that is open"
        return demand(parent in account.individual, fault)
    return None


def side_is_opposite(step: Step) -> Verdict:
    """Apply `bracket-side`."""
    order, account = step.payload, step.account
    if not is_bracket(order) or order["status"] in FINAL:
        return None
    places = {OF_ORDER: account.orders, OF_POSITION: account.positions, OF_INDIVIDUAL_POSITION: account.individual}
    parent = places[order["parentType"]].get(order["parentId"])
    if parent is None or not parent["qty"]:
        return None
    return demand(order["side"] == -parent["side"], f"bracket {step.id} has the side of its parent {order['parentId']}")


def status_fits_the_parent(step: Step) -> Verdict:
    """Apply `bracket-status`."""
    order = step.payload
    if not is_bracket(order) or order["status"] in FINAL:
        return None
    is_inactive, is_of_order = order["status"] == INACTIVE, order.get("parentType") == OF_ORDER
    fault = f"bracket {step.id} has status {order['status']} with a parent of type {order.get('parentType')}"
    return demand(is_inactive == is_of_order, fault)


def brackets_end_with_their_parent(step: Step) -> Verdict:
    """Apply `brackets-end-with-parent`."""
    account = step.account
    ended = [one for one in account.changed_orders if is_over(account.orders.get(one))]
    ended += [one for one in account.changed_positions if not account.positions[one]["qty"]]
    ended += [one for one in account.changed_individual if one not in account.individual]
    if not ended or not account.follows("orders"):
        return None
    left = [f"{leg['id']} of {parent}" for parent in sorted(ended) for leg in account.legs(parent)]
    return demand(not left, f"brackets are not final, and their parent has ended: {', '.join(left)}")


def is_over(order: Json | None) -> bool:
    """Whether an order is final; the brackets of a filled one belong to its position."""
    return order is not None and order["status"] in FINAL


def one_cancels_the_other(step: Step) -> Verdict:
    """Apply `one-cancels-other`. Of exit levels, only the brackets of one level are a pair."""
    account = step.account
    changed = [account.orders[one] for one in account.changed_orders if one in account.orders]
    filled = [one for one in changed if is_bracket(one) and one["status"] == FILLED]
    if not filled or not account.follows("orders"):
        return None
    left = [
        f"{leg['id']} beside {one['id']}"
        for one in filled
        for parent in (one["parentId"], account.entries.get(one["id"], ""))
        for leg in account.legs(parent)
        if is_of_one_level(one, leg, account)
    ]
    return demand(not left, f"a bracket is filled, and another one of its parent is not final: {', '.join(left)}")


def is_of_one_level(one: Json, other: Json, account: AccountState) -> bool:
    """Whether two brackets with one parent belong to the same exit level, or both to none."""
    level = one.get("exitLevelId")
    is_same = level == other.get("exitLevelId")
    return is_same and (level is None or account.pair_of(one) == account.pair_of(other))


RULES = (
    Rule(
        "parent-type",
        "An order has parentId and parentType, or none of them.",
        TRADINGVIEW,
        ORDERS,
        parent_has_its_type,
    ),
    Rule(
        "parent-told",
        "The parent of a bracket is an order or position that was told.",
        TROUBLE_LIST,
        ORDERS,
        parent_was_told,
    ),
    Rule("bracket-side", "A bracket has the opposite side of its parent.", TRADINGVIEW, ORDERS, side_is_opposite),
    Rule(
        "bracket-status",
        "A bracket of an order is Inactive, one of a position is not.",
        TRADING,
        ORDERS,
        status_fits_the_parent,
    ),
    Rule(
        "brackets-end-with-parent",
        "No bracket is left of a final order or a closed position.",
        TROUBLE_LIST,
        AT_REST,
        brackets_end_with_their_parent,
    ),
    Rule("one-cancels-other", "A filled bracket cancels the other one.", TRADING, AT_REST, one_cancels_the_other),
)
