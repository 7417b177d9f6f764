"""The trading script that our engine and its peers play, and the form of their results. No dependencies.

Prices move by one tick, so that no price is skipped and the fill rules of all peers give the same fills. Each step but
the first has one price and one order of one share: in turn a market order, and a limit or a stop order some ticks away.
"""

import json
from collections.abc import Callable
from random import Random
from time import process_time
from typing import NamedTuple

START_CENTS = 10_000

Fill = tuple[int, int, int]
"""Step, side and price in cents."""


class Step(NamedTuple):
    """One price and one order.

    Attributes:
        price, order_price: Cents; `order_price` is None for a market order.
        kind: "market", "limit" or "stop"; "none" without an order.
        side: +1 or -1.
    """

    price: int
    kind: str
    side: int
    order_price: int | None


def write_script(steps: int, seed: int = 1) -> list[Step]:
    """Return a script; equal arguments give equal scripts."""
    dice = Random(seed)
    price, script = START_CENTS, [Step(START_CENTS, "none", 1, None)]
    for number in range(1, steps):
        price += dice.choice((-1, 1))
        kind, side, away = ("market", "limit", "stop")[number % 3], dice.choice((1, -1)), dice.randrange(1, 20)
        order_price = {"market": None, "limit": price - side * away, "stop": price + side * away}[kind]
        script.append(Step(price, kind, side, order_price))
    return script


class Played(NamedTuple):
    """Result of a script: CPU seconds with its orders and with the prices only, and the fills."""

    with_orders: float
    without: float
    fills: list[Fill]


def measure(play: Callable[[list[Step], bool], list[Fill]], script: list[Step]) -> Played:
    """Play a script with and without its orders. Both times include the set-up by `play`; their difference does not."""
    start = process_time()
    play(script, False)
    middle = process_time()
    fills = play(script, True)
    return Played(process_time() - middle, middle - start, sorted(fills))


def hand_back(result: object) -> None:
    """Print a peer's result as the last line of its output."""
    print(json.dumps(result))
