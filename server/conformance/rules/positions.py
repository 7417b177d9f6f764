"""Rules of positions: they are the netted executions, and end with quantity 0 under the same id."""

from server.conformance.rule import (
    AT_REST,
    CONTRACT,
    INDIVIDUAL,
    INDIVIDUAL_PL,
    PL,
    POSITIONS,
    TRADING,
    TRADINGVIEW,
    TROUBLE_LIST,
    Rule,
    Verdict,
    demand,
)
from server.conformance.rules.executions import average_error
from server.conformance.state import Holding, Json, Step, is_same_qty, open_ids

CENT = 0.0101


def holding_of(step: Step) -> Holding | None:
    """Return the netted executions of the position; None while they are unknown."""
    if not step.account.follows("executions", "positions"):
        return None
    return step.account.holding(step.payload["symbol"])


def quantity_is_not_negative(step: Step) -> Verdict:
    """Apply `position-quantity`."""
    return demand(step.payload["qty"] >= 0, f"position {step.id} has the quantity {step.payload['qty']}")


def position_is_the_sum_of_executions(step: Step) -> Verdict:
    """Apply `position-is-executions`."""
    holding, position = holding_of(step), step.payload
    if holding is None:
        return None
    signed = position["side"] * position["qty"]
    fault = f"position {step.id} is {signed}, and its executions add up to {holding.qty:.10g}"
    return demand(is_same_qty(signed, holding.qty), fault)


def average_is_that_of_netting(step: Step) -> Verdict:
    """Apply `position-average`. The average of a position with individual ones is that of their sum."""
    holding, position = holding_of(step), step.payload
    if step.account.individual_of(position["symbol"]):
        return None
    if holding is None or not position["qty"] or not is_same_qty(abs(holding.qty), position["qty"]):
        return None
    fault = f"position {step.id}: avgPrice {position['avgPrice']} is not {holding.average:.6f}"
    is_kept = abs(position["avgPrice"] - holding.average) <= average_error(step.instrument())
    return demand(is_kept, fault)


def closed_position_was_open(step: Step) -> Verdict:
    """Apply `close-keeps-id`. A position that opens and closes at once is told as closed only."""
    account, symbol = step.account, step.payload["symbol"]
    if step.payload["qty"] or not account.follows("executions", "positions") or not account.has_all_positions:
        return None
    is_open = any(one["qty"] for one in account.positions.values() if one["symbol"] == symbol)
    is_known = step.id in account.positions or (symbol in account.traded and not is_open)
    return demand(is_known, f"a position {step.id} is told as closed, and none was open")


def symbol_has_one_position(step: Step) -> Verdict:
    """Apply `one-position-per-symbol`."""
    symbol, others = step.payload["symbol"], step.account.positions.values()
    same = [one["id"] for one in others if one["symbol"] == symbol and one["id"] != step.id and one["qty"]]
    return demand(not same, f"positions {step.id} and {', '.join(same)} have the symbol {symbol}")


def closed_position_is_told(step: Step) -> Verdict:
    """Apply `close-is-told`."""
    account = step.account
    if not account.follows("executions", "positions"):
        return None
    shown = {one["symbol"]: one["side"] * one["qty"] for one in account.positions.values()}
    known = [symbol for symbol in account.holdings if symbol in shown or account.has_all_positions]
    stale = [symbol for symbol in known if not is_same_qty(shown.get(symbol, 0.0), account.holdings[symbol].qty)]
    fault = ", ".join(f"{one} is {shown.get(one, 0.0)}, not {account.holdings[one].qty:.10g}" for one in stale)
    return demand(not stale, f"executions changed positions that were not told: {fault}")


def places_of(step: Step) -> tuple[str, dict[str, Json], str]:
    """Return the route of the positions that a profit is about, those positions, and the field of their price."""
    if step.route == "pl":
        return "positions", step.account.positions, "avgPrice"
    return "individual-positions", step.account.individual, "price"


def profit_is_price_times_quantity(step: Step) -> Verdict:
    """Apply `profit-of-position`, to individual positions as well."""
    account, faults, is_applied = step.account, [], False
    route, places, price = places_of(step)
    for row in step.payload["positions"]:
        position, instrument = places.get(row["id"]), step.instruments.get(row["symbol"])
        if position is None or instrument is None or not position["qty"] or not account.follows(route):
            continue
        if account.equity is None or instrument.get("currency") != account.equity.get("currency"):
            continue
        is_applied = True
        factor = position["qty"] * position["side"] * float(instrument.get("bigPointValue") or 1.0)
        wanted = (row["price"] - position[price]) * factor
        if abs(row["pl"] - wanted) > CENT + average_error(instrument) * abs(factor):
            faults.append(f"{row['id']} has {row['pl']}, not {wanted:.2f}")
    return (
        demand(not faults, f"profit is not (price - avgPrice) * quantity: {', '.join(faults)}") if is_applied else None
    )


def profit_is_told_of_open_positions(step: Step) -> Verdict:
    """Apply `profit-of-open-positions`, to individual positions as well."""
    account, told = step.account, {row["id"] for row in step.payload["positions"]}
    route, places, _ = places_of(step)
    has_all = account.has_all_positions if step.route == "pl" else account.has_all_individual
    if not account.follows(route) or not has_all:
        return None
    wanted = open_ids(places.values())
    return demand(told == wanted, f"profit is told of {sorted(told)}, and open are {sorted(wanted)}")


RULES = (
    Rule(
        "position-quantity",
        "The quantity of a position is not negative.",
        TRADINGVIEW,
        POSITIONS | INDIVIDUAL,
        quantity_is_not_negative,
    ),
    Rule(
        "position-is-executions",
        "A position is the sum of its executions.",
        TRADING,
        POSITIONS,
        position_is_the_sum_of_executions,
    ),
    Rule(
        "position-average",
        "Adding averages the price, reducing keeps it, through zero the rest opens at the price.",
        TRADING,
        POSITIONS,
        average_is_that_of_netting,
    ),
    Rule(
        "close-keeps-id", "A closed position has the id that it had.", TROUBLE_LIST, POSITIONS, closed_position_was_open
    ),
    Rule(
        "one-position-per-symbol", "A symbol has one netted position.", TRADINGVIEW, POSITIONS, symbol_has_one_position
    ),
    Rule(
        "close-is-told",
        "A changed or closed position is told, a closed one with quantity 0.",
        TROUBLE_LIST,
        AT_REST,
        closed_position_is_told,
    ),
    Rule(
        "profit-of-position",
        "Profit is (price - average) * quantity.",
        TROUBLE_LIST,
        PL | INDIVIDUAL_PL,
        profit_is_price_times_quantity,
    ),
    Rule(
        "profit-of-open-positions",
        "Profit is told of the open positions.",
        CONTRACT,
        PL | INDIVIDUAL_PL,
        profit_is_told_of_open_positions,
    ),
)
