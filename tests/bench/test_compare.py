"""The comparison of two commits: ratios, bounds, and a run against the checkout itself that leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.compare import OTHER, THIS, Goal, Round, rows

ROOT = Path(__file__).parents[2]


def rounds_of(figure: str, *pairs: tuple[float, float]) -> list[Round]:
    return [{OTHER: {figure: other}, THIS: {figure: this}} for other, this in pairs]


def test_ratio_is_the_median_of_the_ratios_within_the_rounds() -> None:
    (row,) = rows(rounds_of("start s", (1.0, 1.0), (2.0, 3.0), (10.0, 11.0)))
    assert row == ["start s", "2.00", "3.00", "1.10", "<= 1.1x met"]


@pytest.mark.parametrize(
    ("goal", "ratio", "figure", "verdict"),
    [
        (Goal("orders", 0.85, is_most=False), 0.9, 1.0, ">= 0.85x met"),
        (Goal("orders", 0.85, is_most=False), 0.8, 1.0, ">= 0.85x NOT met"),
        (Goal("cost", 1.05), 1.06, 0.0, "<= 1.05x NOT met"),
        (Goal("memory", 12.0, is_ratio=False), 9.0, 8.0, "<= 12 met"),
        (Goal("memory", 12.0, is_ratio=False), 0.5, 13.0, "<= 12 NOT met"),
    ],
)
def test_bound_holds_ratio_or_figure(goal: Goal, ratio: float, figure: float, verdict: str) -> None:
    assert goal.verdict(ratio, figure) == verdict


def test_checkout_is_compared_with_itself() -> None:
    command = [sys.executable, "-m", "bench.compare", str(ROOT), "--rounds", "1", "--only", "start"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "start s" in ran.stdout
    assert list(ROOT.glob("bench-*")) == []
