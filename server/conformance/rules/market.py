"""Rules of market data: quotes, bars and depth."""

from itertools import pairwise

from server.conformance.rule import BARS, DEPTH, QUOTES, TRADINGVIEW, Rule, Verdict, demand
from server.conformance.state import Step

SPREAD_ERROR = 1e-6


def quote_is_not_crossed(step: Step) -> Verdict:
    """Apply `quote-sides`."""
    values = step.payload["v"]
    bid, ask = values.get("bid"), values.get("ask")
    if step.payload["s"] != "ok" or bid is None or ask is None:
        return None
    spread = values.get("spread")
    is_kept = bid <= ask and (spread is None or abs(ask - bid - spread) <= SPREAD_ERROR)
    return demand(is_kept, f"quote of {step.payload['n']}: bid {bid}, ask {ask}, spread {spread}")


def bar_has_its_extremes(step: Step) -> Verdict:
    """Apply `bar-extremes`."""
    bar = step.payload
    inside = (bar["open"], bar["close"])
    fault = f"bar {bar['time']}: open, close {inside} are not within low {bar['low']} and high {bar['high']}"
    return demand(bar["low"] <= min(inside) and max(inside) <= bar["high"], fault)


def bars_go_forward(step: Step) -> Verdict:
    """Apply `bars-go-forward`."""
    if step.topic is None or step.topic.last_time is None:
        return None
    last, time = step.topic.last_time, step.payload["time"]
    return demand(time >= last, f"a bar of {time} came after one of {last}")


def depth_is_sorted(step: Step) -> Verdict:
    """Apply `depth-ascending`."""
    sides = [[level["price"] for level in step.payload[side]] for side in ("bids", "asks")]
    is_sorted = all(one < other for prices in sides for one, other in pairwise(prices))
    return demand(is_sorted, "the prices of bids or asks do not ascend")


def depth_is_not_crossed(step: Step) -> Verdict:
    """Apply `depth-sides`."""
    bids, asks = step.payload["bids"], step.payload["asks"]
    if not step.payload["snapshot"] or not bids or not asks:
        return None
    best = max(level["price"] for level in bids), min(level["price"] for level in asks)
    return demand(best[0] < best[1], f"the best bid {best[0]} is not below the best ask {best[1]}")


RULES = (
    Rule(
        "quote-sides",
        "The bid is not above the ask; the spread is their difference.",
        TRADINGVIEW,
        QUOTES,
        quote_is_not_crossed,
    ),
    Rule("bar-extremes", "Open and close are within low and high.", TRADINGVIEW, BARS, bar_has_its_extremes),
    Rule("bars-go-forward", "No bar is older than the last one.", TRADINGVIEW, BARS, bars_go_forward),
    Rule("depth-ascending", "Bids and asks ascend by price.", TRADINGVIEW, DEPTH, depth_is_sorted),
    Rule("depth-sides", "The best bid is below the best ask.", TRADINGVIEW, DEPTH, depth_is_not_crossed),
)
