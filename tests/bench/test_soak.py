"""The verdict of the soak: each of its rows can fail."""

import pytest

from bench.soak import ALLOWED, LEFT, SAMPLES, Sample, Story, report, verdict

IDLE = Sample(60.0, 20, 4, 6, 0, 0, 0, 0, 10, 1.0)
BUSY = Sample(90.0, 70, 5, 60, 40, 90, 200, 30, 0, 0.0)


def story(**slopes: float) -> Story:
    """A soak in which some values grow from sample to sample by so much of what they are."""
    samples = []
    for turn in range(SAMPLES):
        grown = {name: getattr(BUSY, name) * (1 + slope * turn) for name, slope in slopes.items()}
        samples.append(BUSY._replace(**({"events": 1000 * turn, "database_mib": 2.0 * turn} | grown)))
    return Story(IDLE, samples, IDLE._replace(working=30, events=40_000), 20_000)


def bad(told: Story) -> list[str]:
    return [row.name for row in verdict(told) if not row.is_good]


def test_flat_is_status_0(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(verdict(story()))
    assert report(story(), rows) == 0
    assert len(rows) == len(ALLOWED) + len(LEFT) + 1
    assert "GROWS" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ALLOWED)
def test_what_grows_while_clients_live_is_status_1(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = story(**{name: 0.1})
    assert bad(told) == [name]
    assert report(told, list(verdict(told))) == 1
    assert capsys.readouterr().out.count("GROWS") == 1


@pytest.mark.parametrize(("name", "more"), LEFT.items())
def test_what_stays_when_all_left_is_bad(name: str, more: int) -> None:
    told = story()
    just = told._replace(after=told.after._replace(**{name: getattr(IDLE, name) + more}))
    assert bad(just) == []
    over = told._replace(after=told.after._replace(**{name: getattr(IDLE, name) + more + 1}))
    assert bad(over) == [f"{name} when all left"]


def test_events_that_take_ever_more_space_are_bad() -> None:
    told = story()
    samples = [one._replace(database_mib=0.05 * turn**2) for turn, one in enumerate(told.samples)]
    assert bad(told._replace(samples=samples)) == ["KiB per event"]
