"""How many generated cases a test takes: a part in `make test`, all of them in a search for new ones and in the soak.

A search is `HYPOTHESIS_PROFILE=dev`. The profile `ci` repeats the same cases in each run, so that more of them would
find nothing new.
"""

from typing import Any

from hypothesis import settings

FIXED_SHARE = 4
LEAST = 8


def share(count: int) -> int:
    """Return how many of `count` generated cases a test takes: all in a search, a quarter where they are fixed."""
    return max(count // FIXED_SHARE, LEAST) if settings().derandomize else count


def examples(count: int, **options: Any) -> settings:
    """Return the settings of a property test.

    Args:
        count: Examples of a search.
        options: Further settings of Hypothesis.
    """
    return settings(max_examples=share(count), **options)
