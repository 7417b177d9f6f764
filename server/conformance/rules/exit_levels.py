"""Rules of exit levels: ids, and quantities that never exceed the order or position.

Source: docs/trading.md, exit levels. That only the brackets of one level cancel each other is in `brackets.py`.
"""

from collections import defaultdict

from server.conformance.rule import AT_REST, INDIVIDUAL, ORDERS, POSITIONS, TRADING, TRADINGVIEW, Rule, Verdict, demand
from server.conformance.state import AccountState, Json, Step, is_same_qty


def levels_have_ids(step: Step) -> Verdict:
    """Apply `exit-level-ids`. Levels of two entries in one netted position may have equal ids."""
    levels = step.payload.get("exitLevels")
    if not levels:
        return None
    ids = [level["id"] for level in levels]
    is_unique = len(set(ids)) == len(ids) or step.route == "positions"
    is_kept = all(isinstance(one, str) and one for one in ids) and is_unique
    return demand(is_kept, f"the exit levels of {step.id} have the ids {ids}")


def remaining(leg: Json) -> float:
    """Return the quantity of a bracket that is not filled."""
    return float(leg["qty"] - (leg.get("filledQty") or 0.0))


def parents_of_levels(account: AccountState) -> dict[str, list[Json]]:
    """Return the brackets of exit levels that are not final, by parent, of what was told since the last moment."""
    changed = (account.orders.get(one, {}).get("parentId") for one in account.changed_orders)
    parents = {one for one in changed if one is not None}
    found = {}
    for parent in parents | account.changed_orders | account.changed_positions | account.changed_individual:
        if legs := [leg for leg in account.legs(parent) if leg.get("exitLevelId") is not None]:
            found[parent] = legs
    return found


def owner_of(parent: str, account: AccountState) -> Json | None:
    """Return the position, individual position or order with an id; None if it is unknown or not followed."""
    places = {
        "positions": account.positions,
        "individual-positions": account.individual,
        "orders": account.orders,
    }
    return next((rows[parent] for route, rows in places.items() if parent in rows and account.follows(route)), None)


def levels_are_within_the_position(step: Step) -> Verdict:
    """Apply `exit-levels-within-position`."""
    account, faults, is_applied = step.account, [], False
    if not account.follows("orders"):
        return None
    for parent, legs in parents_of_levels(account).items():
        owner = owner_of(parent, account)
        if owner is None or not owner["qty"]:
            continue
        is_applied = True
        sizes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for leg in legs:
            levels = sizes[account.pair_of(leg)]
            levels[leg["exitLevelId"]] = max(levels[leg["exitLevelId"]], remaining(leg))
        largest = max(sum(levels.values()) for levels in sizes.values())
        if largest > owner["qty"] and not is_same_qty(largest, owner["qty"]):
            faults.append(f"those of {parent} add up to {largest:.10g} of {owner['qty']}")
    return demand(not faults, f"exit levels exceed what they close: {', '.join(faults)}") if is_applied else None


def levels_are_shown(step: Step) -> Verdict:
    """Apply `exit-levels-shown`."""
    account, faults = step.account, []
    if not account.has_all_orders or not account.follows("orders"):
        return None
    places = {"positions": account.positions, "individual-positions": account.individual}
    positions = {one: row for route, rows in places.items() if account.follows(route) for one, row in rows.items()}
    legs_by_parent = parents_of_levels(account)
    told = [one for one in account.changed_positions | account.changed_individual if one in positions]
    shown = {one for one in told if positions[one].get("exitLevels")}
    for parent in sorted(shown | (legs_by_parent.keys() & positions.keys())):
        wanted = {(leg["exitLevelId"], round(remaining(leg), 9)) for leg in legs_by_parent.get(parent, ())}
        found = {(one["id"], round(one["qty"], 9)) for one in positions[parent].get("exitLevels") or ()}
        if found != wanted:
            faults.append(f"{parent} shows {sorted(found)}, and its brackets are {sorted(wanted)}")
    is_applied = shown or legs_by_parent.keys() & positions.keys()
    return demand(not faults, f"exit levels are not the brackets: {'; '.join(faults)}") if is_applied else None


RULES = (
    Rule(
        "exit-level-ids",
        "Exit levels have ids, each its own.",
        TRADINGVIEW,
        ORDERS | POSITIONS | INDIVIDUAL,
        levels_have_ids,
    ),
    Rule(
        "exit-levels-within-position",
        "Exit levels do not exceed their order or position.",
        TRADING,
        AT_REST,
        levels_are_within_the_position,
    ),
    Rule(
        "exit-levels-shown",
        "A position shows the levels of its brackets, in id and quantity.",
        TRADING,
        AT_REST,
        levels_are_shown,
    ),
)
