"""The accounts' random numbers: functions of seed, account and counter, evenly spread, the same on every machine."""

from typing import Any

import pytest

from engine.broker.random_source import RandomSource
from engine.models.broker.account import Profile, Slippage
from tests.engine.broker.harness import BUY, SELL, BrokerHarness


def test_draws_are_the_same_everywhere() -> None:
    source = RandomSource(1, "DEMO-ACCOUNT")
    assert [source.draw("slippage", number) for number in range(3)] == [
        0.7986004768898598,
        0.5735936613031878,
        0.16867240554015162,
    ]


@pytest.mark.parametrize(
    "other", [(RandomSource(2, "A"), "slippage"), (RandomSource(1, "B"), "slippage"), (RandomSource(1, "A"), "delay")]
)
def test_each_seed_account_and_purpose_has_draws_of_its_own(other: tuple[RandomSource, str]) -> None:
    source, purpose = other
    own = [RandomSource(1, "A").draw("slippage", number) for number in range(10)]
    assert not set(own) & {source.draw(purpose, number) for number in range(10)}


def test_draws_are_spread_evenly_from_zero_to_one() -> None:
    draws = [RandomSource(7, "A").draw("slippage", number) for number in range(4000)]
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
        harness = BrokerHarness(profile)
        for number in range(20):
            if number in restarts:
                harness.restart()
            harness.place(BUY if number % 3 else SELL, 1 + number)
            harness.now_ms += 700
            harness.tick()
        return harness.events

    untouched = play(set())
    assert play(restarts) == untouched
    assert len({event.basis.slippage for event in untouched if hasattr(event, "basis")}) == (
        2 if profile.fill_model == "market" else 1
    )
