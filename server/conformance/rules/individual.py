"""Rules of individual positions: the net position is their sum, and each is the open part of one order.

Source: docs/trading.md, individual positions. What they share with net positions is in `positions.py` and `orders.py`.
"""

from server.conformance.rule import (
    AT_REST,
    INDIVIDUAL,
    INDIVIDUAL_PL,
    ORDERS,
    TRADING,
    TRADINGVIEW,
    TROUBLE_LIST,
    Rule,
    Verdict,
    demand,
)
from server.conformance.rules.executions import average_error
from server.conformance.rules.positions import CENT
from server.conformance.state import FINAL, OF_POSITION, AccountState, Json, Step, is_same_qty

IDENTITY = ("symbol", "side", "orderId", "date")
"""Fields of an individual position that never change."""


def identity_stays(step: Step) -> Verdict:
    """Apply `individual-identity-stays`."""
    before, one = step.account.individual.get(step.id), step.payload
    if before is None:
        return None
    changed = [f"{name} {before[name]} to {one[name]}" for name in IDENTITY if before[name] != one[name]]
    return demand(not changed, f"individual position {step.id} changed {', '.join(changed)}")


def position_is_of_an_order(step: Step) -> Verdict:
    """Apply `individual-of-order`."""
    account, one = step.account, step.payload
    order = account.orders.get(one["orderId"])
    if order is None:
        return None
    bad = [f"{name} {one[name]}" for name in ("symbol", "side") if one[name] != order[name]]
    return demand(not bad, f"individual position {step.id} of {order['id']} has {', '.join(bad)}, unlike the order")


def closed_position_was_open(step: Step) -> Verdict:
    """Apply `individual-close-keeps-id`. A position that opens and closes at once is told as closed only."""
    account = step.account
    if step.payload["qty"] or not account.has_all_individual or not account.follows("individual-positions"):
        return None
    fills = account.fills.get(step.payload["orderId"])
    is_traded = (
        fills is not None
        and fills.qty > 0
        and not any(one["orderId"] == step.payload["orderId"] for one in account.individual.values())
    )
    fault = f"an individual position {step.id} is told as closed, and was not open"
    return demand(step.id in account.individual or is_traded, fault)


def has_sums(account: AccountState) -> bool:
    """Whether all net and individual positions are known and followed."""
    is_followed = account.follows("positions", "individual-positions")
    return is_followed and account.has_all_positions and account.has_all_individual


def signed(position: Json) -> float:
    """Return the quantity of a position, below 0 for a short one."""
    return float(position["side"] * position["qty"])


def nets(account: AccountState) -> list[tuple[Json, list[Json]]]:
    """Return the net positions of a hedging account, each with its individual ones."""
    if not account.individual and not account.changed_individual:
        return []
    return [(net, account.individual_of(net["symbol"])) for net in account.positions.values()]


def quantities_add_up(step: Step) -> Verdict:
    """Apply `individual-sum-quantity`."""
    account = step.account
    if not has_sums(account) or not (pairs := nets(account)):
        return None
    faults = [
        f"{net['id']} is {signed(net)}, not {total:.10g}"
        for net, own in pairs
        if not is_same_qty(signed(net), total := sum(map(signed, own)))
    ]
    return demand(not faults, f"net positions are not the sum of the individual ones: {', '.join(faults)}")


def costs_add_up(step: Step) -> Verdict:
    """Apply `individual-sum-average`."""
    account, faults, is_applied = step.account, [], False
    if not has_sums(account):
        return None
    for net, own in nets(account):
        total = sum(map(signed, own))
        if not net["qty"] or not is_same_qty(signed(net), total):
            continue
        is_applied = True
        wanted = sum(signed(one) * one["price"] for one in own) / total
        error = average_error(step.instruments.get(net["symbol"]))
        if abs(net["avgPrice"] - wanted) > error * (1 + sum(one["qty"] for one in own) / net["qty"]):
            faults.append(f"{net['id']} has {net['avgPrice']}, not {wanted:.6f}")
    fault = f"avgPrice is not the price at which the individual positions make no profit: {', '.join(faults)}"
    return demand(not faults, fault) if is_applied else None


def profits_add_up(step: Step) -> Verdict:
    """Apply `individual-sum-profit`."""
    pl = step.account.pl
    if pl is None or pl.get("time") is None or pl["time"] != step.payload.get("time"):
        return None
    faults = []
    for net in pl["positions"]:
        own = [row["pl"] for row in step.payload["positions"] if row["symbol"] == net["symbol"]]
        if abs(net["pl"] - sum(own)) > CENT * (1 + len(own)):
            faults.append(f"{net['id']} has {net['pl']}, not {sum(own):.2f}")
    fault = f"the profit of net positions is not that of the individual ones: {', '.join(faults)}"
    return demand(not faults, fault) if pl["positions"] else None


def brackets_belong_to_individual_positions(step: Step) -> Verdict:
    """Apply `individual-has-brackets`."""
    order = step.payload
    if order.get("parentId") is None or order["status"] in FINAL or not step.account.individual_of(order["symbol"]):
        return None
    fault = f"bracket {step.id} belongs to the net position {order['parentId']}, which has individual positions"
    return demand(order.get("parentType") != OF_POSITION, fault)


RULES = (
    Rule(
        "individual-identity-stays",
        "Symbol, side, order and date of an individual position never change.",
        TRADINGVIEW,
        INDIVIDUAL,
        identity_stays,
    ),
    Rule(
        "individual-of-order",
        "An individual position has symbol and side of the order that opened it.",
        TRADING,
        INDIVIDUAL,
        position_is_of_an_order,
    ),
    Rule(
        "individual-close-keeps-id",
        "An individual position is closed with its id and quantity 0.",
        TROUBLE_LIST,
        INDIVIDUAL,
        closed_position_was_open,
    ),
    Rule(
        "individual-sum-quantity",
        "The quantity of a net position is the sum of its individual ones.",
        TRADING,
        AT_REST,
        quantities_add_up,
    ),
    Rule(
        "individual-sum-average",
        "avgPrice of a net position is the price at which its individual ones make no profit.",
        TRADING,
        AT_REST,
        costs_add_up,
    ),
    Rule(
        "individual-sum-profit",
        "The profit of a net position is the sum of its individual ones.",
        TRADING,
        INDIVIDUAL_PL,
        profits_add_up,
    ),
    Rule(
        "individual-has-brackets",
        "A net position with individual ones has no brackets.",
        TRADING,
        ORDERS,
        brackets_belong_to_individual_positions,
    ),
)
