"""Token buckets against the plain definition, and their bound on memory."""

from hypothesis import given
from hypothesis import strategies as st

from handlers import rate_limits
from handlers.rate_limits import ClientBuckets
from tests.support import ManualClock


@given(
    st.integers(1, 50),
    st.integers(1, 20),
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from("ab")), max_size=200),
)
def test_never_more_than_burst_and_rate_allow(rate: int, burst: int, calls: list[tuple[int, str]]) -> None:
    clock = ManualClock()
    buckets = ClientBuckets(rate, burst, clock.monotonic)
    taken: dict[str, list[float]] = {"a": [], "b": []}
    for wait_ms, key in calls:
        clock.advance(wait_ms)
        wait_s = buckets.take(key)
        if wait_s == 0:
            taken[key].append(clock.monotonic())
        assert 0 <= wait_s <= 1 / rate + 1e-9
    for times in taken.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                assert last - first + 1 <= burst + rate * (times[last] - times[first]) + 1e-6


def test_who_waits_as_long_as_told_gets_one() -> None:
    clock = ManualClock()
    buckets = ClientBuckets(3, 1, clock.monotonic)
    assert buckets.take("a") == 0
    wait_s = buckets.take("a")
    clock.advance(int(wait_s * 1000) + 1)
    assert buckets.take("a") == 0


def test_a_flood_of_clients_is_bounded() -> None:
    buckets = ClientBuckets(1, 1, ManualClock().monotonic)
    for number in range(rate_limits.MAX_CLIENTS + 500):
        buckets.take(str(number))
    assert len(buckets) == rate_limits.MAX_CLIENTS
