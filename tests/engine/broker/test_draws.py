"""The broker's dice: functions of seed, account and counter, even in their spread, the same on every machine."""

from typing import Any

import pytest

from engine.broker.random_source import Dice
from engine.models.broker.account import Profile, Slippage
from tests.engine.broker.desk import BUY, SELL, Desk


def test_draws_are_the_same_everywhere() -> None:
    dice = Dice(1, "DEMO-ACCOUNT")
    assert [dice.draw("slippage", number) for number in range(3)] == [
        0.7986004768898598,
        0.5735936613031878,
        0.16867240554015162,
    ]


@pytest.mark.parametrize("other", [(Dice(2, "A"), "slippage"), (Dice(1, "B"), "slippage"), (Dice(1, "A"), "delay")])
def test_each_seed_account_and_purpose_has_draws_of_its_own(other: tuple[Dice, str]) -> None:
    dice, purpose = other
    own = [Dice(1, "A").draw("slippage", number) for number in range(10)]
    assert not set(own) & {dice.draw(purpose, number) for number in range(10)}


def test_draws_are_spread_evenly_from_zero_to_one() -> None:
    draws = [Dice(7, "A").draw("slippage", number) for number in range(4000)]
    tenths = [sum(tenth / 10 <= draw < (tenth + 1) / 10 for draw in draws) for tenth in range(10)]
    assert sum(tenths) == 4000
    assert all(330 < count < 470 for count in tenths)


@pytest.mark.parametrize(
    "profile",
    [Profile(slippage=Slippage(probability=0.5)), Profile(fill_model="simulator")],
    ids=["slippage", "simulator"],
)
@pytest.mark.parametrize("restarts", [{1}, {5}, {2, 3, 11}, set(range(20))])
def test_draws_go_on_after_a_restart(profile: Profile, restarts: set[int]) -> None:
    def play(restarts: set[int]) -> list[Any]:
        desk = Desk(profile)
        for number in range(20):
            if number in restarts:
                desk.restart()
            desk.place(BUY if number % 3 else SELL, 1 + number)
            desk.now_ms += 700
            desk.tick()
        return desk.events

    untouched = play(set())
    assert play(restarts) == untouched
    assert len({event.basis.slippage for event in untouched if hasattr(event, "basis")}) == (
        2 if profile.fill_model == "market" else 1
    )
