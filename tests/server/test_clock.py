"""Market time: never back, at any speed, whatever the wall clock does."""

from itertools import pairwise

import pytest

from server.clock import SystemClock


class Times:
    """A wall clock and a monotonic clock that the test sets."""

    def __init__(self) -> None:
        self.wall = 1_000_000.0
        self.monotonic = 50.0

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds


def make(times: Times, speed: float = 1.0, start_ms: int | None = None) -> SystemClock:
    return SystemClock(speed, start_ms, lambda: times.wall, lambda: times.monotonic)


def test_market_time_is_wall_time() -> None:
    times = Times()
    clock = make(times)
    times.pass_by(12.5)
    assert clock.now_ms() == 1_000_012_500


@pytest.mark.parametrize(("step", "expected"), [(-3600.0, 1_000_001_000), (86_400.0, 1_086_401_000)])
def test_a_stepped_wall_clock_never_sets_market_time_back(step: float, expected: int) -> None:
    times = Times()
    clock = make(times)
    times.wall += step
    clock.now_ms()
    times.pass_by(1)
    assert clock.now_ms() == expected


def test_market_time_goes_on_after_a_step_back() -> None:
    times = Times()
    clock = make(times)
    seen = []
    for number in range(10):
        times.pass_by(0.2)
        if number == 4:
            times.wall -= 3600
        seen.append(clock.now_ms())
    gaps = {later - earlier for earlier, later in pairwise(seen)}
    assert gaps <= {199, 200, 201}


def test_speed_and_start_make_their_own_time() -> None:
    times = Times()
    clock = make(times, speed=60, start_ms=1_700_000_000_000)
    times.pass_by(2)
    times.wall += 999
    assert clock.now_ms() == 1_700_000_120_000
    assert clock.monotonic() == 52.0
