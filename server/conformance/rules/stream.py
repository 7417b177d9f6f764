"""Rules of the stream: the form of messages, subscriptions, sequence numbers. They are checked before all others."""

from typing import Any

from server.conformance.rule import CONTRACT, TRADINGVIEW, Rule, Verdict, demand
from server.conformance.state import EXACT, Json, Step

NUMBER, TEXT = (int, float), (str,)

FIELDS: dict[str, dict[str, tuple[type, ...]]] = {
    "orders": {"id": TEXT, "symbol": TEXT, "type": NUMBER, "side": NUMBER, "qty": NUMBER, "status": NUMBER},
    "positions": {"id": TEXT, "symbol": TEXT, "qty": NUMBER, "side": NUMBER, "avgPrice": NUMBER},
    "individual-positions": {
        **{"id": TEXT, "symbol": TEXT, "orderId": TEXT},
        **{"date": NUMBER, "qty": NUMBER, "side": NUMBER, "price": NUMBER},
    },
    "executions": {
        **{"id": TEXT, "orderId": TEXT, "symbol": TEXT},
        **{"price": NUMBER, "qty": NUMBER, "side": NUMBER, "time": NUMBER},
    },
    "equity": {"equity": NUMBER, "balance": NUMBER},
    "pl": {"positions": (list,)},
    "individual-pl": {"positions": (list,)},
    "quotes": {"s": TEXT, "n": TEXT, "v": (dict,)},
    "bars": {"time": NUMBER, "open": NUMBER, "high": NUMBER, "low": NUMBER, "close": NUMBER},
    "depth": {"snapshot": (bool,), "asks": (list,), "bids": (list,)},
}
"""Required fields of the updates and their types. Source: TradingView's interfaces of the same names."""

CODES: dict[str, dict[str, frozenset[Any]]] = {
    "orders": {
        **{"type": frozenset(range(1, 5)), "side": frozenset((1, -1)), "status": frozenset(range(1, 7))},
        **{"parentType": frozenset((1, 2, 3, None)), "stopType": frozenset((0, 1, 2, None))},
    },
    "positions": {"side": frozenset((1, -1))},
    "individual-positions": {"side": frozenset((1, -1))},
    "executions": {"side": frozenset((1, -1))},
}
"""Values of the enumerations. Source: TradingView, OrderStatus, OrderType, Side, ParentType, StopType."""


def topic_is_subscribed(step: Step) -> Verdict:
    """Apply `response-before-updates`."""
    return demand(step.topic is not None, f"an update of {step.route} came before the response to a subscription")


def route_is_that_of_the_topic(step: Step) -> Verdict:
    """Apply `topic-of-route`."""
    if step.topic is None:
        return None
    return demand(step.topic.route == step.route, f"a message of {step.route} has a topic of {step.topic.route}")


def numbers_have_no_holes(step: Step) -> Verdict:
    """Apply `sequence-without-holes`."""
    if step.topic is None or step.topic.route not in EXACT or step.topic.seq is None:
        return None
    last = step.topic.seq
    return demand(step.seq == last + 1, f"{step.route} continued with seq {step.seq} after {last}")


def numbers_rise(step: Step) -> Verdict:
    """Apply `sequence-rises`."""
    if step.topic is None or step.topic.route in EXACT or step.topic.seq is None or step.seq is None:
        return None
    last = step.topic.seq
    return demand(step.seq > last, f"{step.route} continued with seq {step.seq} after {last}")


def fields_are_there(step: Step) -> Verdict:
    """Apply `required-fields`."""
    wanted = FIELDS.get(step.route)
    if wanted is None:
        return None
    bad = [name for name, types in wanted.items() if not has_type(step.payload, name, types)]
    return demand(not bad, f"{step.route}: {', '.join(bad)} missing or of another type")


def has_type(payload: Json, name: str, types: tuple[type, ...]) -> bool:
    """Whether a field has one of the types; a boolean is no number."""
    value = payload.get(name)
    return isinstance(value, types) and (types is not NUMBER or not isinstance(value, bool))


def codes_are_known(step: Step) -> Verdict:
    """Apply `known-codes`."""
    wanted = CODES.get(step.route)
    if wanted is None:
        return None
    bad = [f"{name} {step.payload.get(name)}" for name, codes in wanted.items() if step.payload.get(name) not in codes]
    return demand(not bad, f"{step.route}: {', '.join(bad)} is not a code of the interface")


ROUTES = frozenset(FIELDS) | EXACT

RULES = (
    Rule("message-form", "A message is an object with a type; an update has topic and payload.", CONTRACT),
    Rule(
        "response-before-updates",
        "No update of a topic comes before the response to its subscription.",
        CONTRACT,
        ROUTES,
        topic_is_subscribed,
    ),
    Rule("topic-of-route", "An update's topic belongs to its route.", CONTRACT, ROUTES, route_is_that_of_the_topic),
    Rule(
        "sequence-without-holes",
        "The numbers of an exact topic rise by one.",
        CONTRACT,
        EXACT,
        numbers_have_no_holes,
    ),
    Rule("sequence-rises", "The numbers of a conflated topic rise.", CONTRACT, ROUTES - EXACT, numbers_rise),
    Rule("required-fields", "Required fields are there, with their types.", TRADINGVIEW, ROUTES, fields_are_there),
    Rule("known-codes", "Enumerations have their published values.", TRADINGVIEW, frozenset(CODES), codes_are_known),
)
FORM = ("required-fields", "known-codes")
"""Rules without which the others cannot read an update."""
