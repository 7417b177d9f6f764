"""Replaying files: bars as they were, prices inside them, and reports of everything that was not usable."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.feed import NoPrice
from engine.market.feeds.replay import partial_of, path_of
from engine.models.market.bars import BarRow
from engine.models.market.instruments import RESOLUTIONS
from tests.engine.market.feeds.csv_files import HEADER, LINES, START_MS, lines_from, replay, write
from tests.engine.market.specimens import (
    DAY_MS,
    FOREVER_MS,
    MINUTE_MS,
    bars_between,
    bucket_start,
    instant,
    joined,
    last_bars,
    rows,
)
from tests.properties import examples


@pytest.mark.parametrize(
    ("bar", "path"),
    [
        (BarRow(0, 100, 110, 98, 105, 0), (100, 98, 110, 105)),
        (BarRow(0, 100, 102, 90, 95, 0), (100, 102, 90, 95)),
        (BarRow(0, 100, 105, 95, 100, 0), (100, 105, 95, 100)),
        (BarRow(0, 100, 100, 100, 100, 0), (100, 100, 100, 100)),
    ],
)
def test_price_goes_to_the_nearer_extreme_first(bar: BarRow, path: tuple[int, ...]) -> None:
    assert path_of(bar) == path


def test_a_bar_happens_in_four_prints_of_a_quarter_each(tmp_path: Path) -> None:
    write(tmp_path, lines_from(START_MS))
    feed = replay(tmp_path)
    seen = [
        (feed["AAPL"].quote(START_MS + s * 1000), feed["AAPL"].forming_bar("1", START_MS + s * 1000)) for s in range(60)
    ]
    assert [quote.last for quote, _ in seen[::15]] == [19000, 18990, 19050, 19040]
    assert [bar[1:] for _, bar in seen[::15]] == [
        (19000, 19000, 19000, 19000, 250),
        (19000, 19000, 18990, 18990, 500),
        (19000, 19050, 18990, 19050, 750),
        (19000, 19050, 18990, 19040, 1000),
    ]
    for second, (quote, _) in enumerate(seen):
        assert quote == seen[second - second % 15][0]
        assert quote.time_ms == START_MS + (second - second % 15) * 1000
        assert (quote.ask - quote.bid, quote.bid <= quote.last <= quote.ask) == (2, True)


def test_history_is_before_the_clock_and_nothing_after_it(tmp_path: Path) -> None:
    write(tmp_path, lines_from(START_MS))
    feed = replay(tmp_path)
    now_ms = START_MS + 2 * MINUTE_MS + 20_000
    found = rows(last_bars(feed, "AAPL", "1", 10, FOREVER_MS, now_ms))
    assert found == [
        BarRow(START_MS, 19000, 19050, 18990, 19040, 1000),
        BarRow(START_MS + MINUTE_MS, 19040, 19060, 18900, 18950, 800),
        BarRow(START_MS + 2 * MINUTE_MS, 18950, 18980, 18950, 18980, 201),
    ]
    assert rows(last_bars(feed, "AAPL", "1", 10, FOREVER_MS, START_MS - 1)) == []
    assert feed["AAPL"].day_stats(now_ms) == (19000, 19060, 18900, 19000, 2001)
    with pytest.raises(NoPrice, match="AAPL has no price before 2026-01-05T14:30:00Z"):
        feed["AAPL"].quote(START_MS - 1)


def test_in_a_gap_and_after_the_end_the_last_price_stands(tmp_path: Path) -> None:
    text = lines_from(START_MS, LINES[:2]) + lines_from(START_MS + 10 * MINUTE_MS, LINES[:2]).removeprefix(HEADER)
    path = write(tmp_path, text)
    feed = replay(tmp_path)
    assert feed.report == [f"{path}:4: 8 bars are missing after 2026-01-05T14:31:00Z"]
    inside = START_MS + 5 * MINUTE_MS
    assert feed["AAPL"].quote(inside).time_ms == START_MS + MINUTE_MS + 45_000
    assert feed["AAPL"].forming_bar("1", inside) == BarRow(START_MS + MINUTE_MS, 19040, 19060, 18900, 18950, 800)
    assert feed["AAPL"].overdue_ms(inside) == 3 * MINUTE_MS
    assert feed["AAPL"].overdue_ms(START_MS + 90_000) is None
    assert len(rows(last_bars(feed, "AAPL", "1", 10, FOREVER_MS, START_MS + DAY_MS))) == 4


@pytest.mark.parametrize(
    ("volumes", "sizes"),
    [
        ((400, 0), (100, 0)),  # nothing was traded in the second bar
        ((0, 0), (5000, 5000)),  # the file does not tell volumes
    ],
)
def test_a_bar_without_volume_has_nothing_to_take_where_others_have_volume(
    tmp_path: Path, volumes: tuple[int, int], sizes: tuple[int, int]
) -> None:
    write(tmp_path, lines_from(START_MS, [f"190,190,190,190,{volume}" for volume in volumes]))
    prints = replay(tmp_path)["AAPL"].prints_between(START_MS - 1, START_MS + 2 * MINUTE_MS)
    assert prints is not None
    assert [one.quote.ask_size for one in prints] == [sizes[0]] * 4 + [sizes[1]] * 4


@examples(60)
@given(
    st.sampled_from(["2026-03-07T03:00", "2026-10-31T22:00", "2024-02-28T20:00", "2025-12-31T12:00"]),
    st.sampled_from([15_000, MINUTE_MS, 5 * MINUTE_MS, 60 * MINUTE_MS]),
    st.lists(st.booleans(), min_size=40, max_size=400),
    st.data(),
)
def test_rows_aggregate_to_every_resolution(
    tmp_path_factory: pytest.TempPathFactory, start: str, step_ms: int, present: list[bool], data: st.DataObject
) -> None:
    folder, start_ms = tmp_path_factory.mktemp("replay"), instant(start)
    present[:5] = [True] * 5
    bars = [
        BarRow(start_ms + i * step_ms, 100 + i % 7, 120 + i % 11, 90 + i % 5, 101 + (i + 1) % 7, 40 * i)
        for i, is_there in enumerate(present)
        if is_there
    ]
    lines = [f"{bar.time_ms // 1000},{','.join(str(p / 100) for p in bar[1:5])},{bar.volume}\n" for bar in bars]
    write(folder, HEADER + "".join(lines))
    feed = replay(folder)
    now_ms = data.draw(st.integers(start_ms, bars[-1].time_ms + step_ms))
    known = [bar for bar in bars if bar.time_ms <= now_ms]
    known[-1] = partial_of(known[-1], min(4, 1 + (now_ms - known[-1].time_ms) // (step_ms // 4)))
    for resolution in feed["AAPL"].resolutions:
        groups: dict[int, list[BarRow]] = {}
        for bar in known:
            groups.setdefault(bucket_start(resolution, "America/New_York", bar.time_ms), []).append(bar)
        expected = [joined(time_ms, group) for time_ms, group in groups.items()]
        assert rows(last_bars(feed, "AAPL", resolution, 9999, FOREVER_MS, now_ms)) == expected
        assert feed["AAPL"].forming_bar(resolution, now_ms) == expected[-1]
        first, last = expected[len(expected) // 3].time_ms, expected[-(len(expected) // 3) - 1].time_ms
        inside = [bar for bar in expected if first <= bar.time_ms < last]
        assert rows(bars_between(feed, "AAPL", resolution, first, last, now_ms)) == inside
        assert (
            rows(last_bars(feed, "AAPL", resolution, 3, last, now_ms)) == [b for b in expected if b.time_ms < last][-3:]
        )


@pytest.mark.parametrize(
    ("step_ms", "resolutions"),
    [
        (MINUTE_MS, RESOLUTIONS),
        (20_000, RESOLUTIONS),
        (5 * MINUTE_MS, ("5", "15", "30", "60", "240", "1D", "1W", "1M")),
        (60 * MINUTE_MS, ("60", "240", "1D", "1W", "1M")),
        (300 * MINUTE_MS, ("1D", "1W", "1M")),
        (480 * MINUTE_MS, ("1D", "1W", "1M")),
        (DAY_MS, ("1D", "1W", "1M")),
    ],
)
def test_resolutions_are_those_that_the_rows_can_be_joined_to(
    tmp_path: Path, step_ms: int, resolutions: tuple[str, ...]
) -> None:
    write(tmp_path, lines_from(instant("2026-01-05T05:00"), step_ms=step_ms))
    assert replay(tmp_path)["AAPL"].resolutions == resolutions


@pytest.mark.parametrize(
    "stamp", ["{s}", "{s}.0", "{ms}", "2026-01-05T14:{m}:00", "2026-01-05T14:{m}:00Z", "2026-01-05 14:{m}:00"]
)
@pytest.mark.parametrize("name", ["AAPL.csv", "aapl.csv.gz"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_times_may_be_seconds_milliseconds_or_iso(tmp_path: Path, stamp: str, name: str, end: str) -> None:
    times = [stamp.format(s=START_MS // 1000 + i * 60, ms=START_MS + i * MINUTE_MS, m=30 + i) for i in range(4)]
    body = end.join(f"{time},{line}" for time, line in zip(times, LINES, strict=True))
    write(tmp_path, "\ufeff" + HEADER.strip() + end + body, name)  # no line end at the end
    feed = replay(tmp_path)
    assert feed.report == []
    found = rows(last_bars(feed, "AAPL", "1", 9, FOREVER_MS, START_MS + DAY_MS))
    assert [bar.time_ms for bar in found] == [START_MS + i * MINUTE_MS for i in range(4)]


BAD_LINES = [
    ("{t},190,191,189,190", "has 5 columns instead of 6"),
    ("{t},190,191,189,190,1,2", "has 7 columns instead of 6"),
    ("", "is empty"),
    ("{t},190,x,189,190,1", "high 'x' is not a number"),
    ("soon,190,191,189,190,1", "time 'soon' is neither an epoch time nor an ISO 8601 time"),
    ("2026-01-05T15:32:00+01:00,190,191,189,190,1", "time is not after that of the rows before"),
    ("2026-13-05,190,191,189,190,1", "time '2026-13-05' is neither an epoch time nor an ISO 8601 time"),
    ("05/01/2026 14:34,190,191,189,190,1", "is ambiguous: the day or the month may be first"),
    ("1969-12-31T23:59,190,191,189,190,1", "time is not from 1970 to 2199"),
    ("{t},190,nan,189,190,1", "high 'nan' is not a number"),
    ("{t},190,191,189,inf,1", "close 'inf' is not a number"),
    ("{t},190,191,189,190,", "volume '' is not a number"),
    ("{t},190,1e17,189,190,1", "a value is beyond 1e15"),
    ("{t}.0001,190,191,189,190,1", "time is not a whole number of milliseconds"),
    ("{t},190,191,0,190,1", "a price is not above 0"),
    ("{t},190,191,189,190,-1", "volume is below 0"),
    ("{t},190,191,189.005,190,1", "a price is not a multiple of the tick 0.01"),
    ("{t},190,189,188,190,1", "high is below open, close or low"),
    ("{t},190,191,190.5,190,1", "low is above open or close"),
    ("{before},190,191,189,190,1", "time is not after that of the rows before"),
    ("{odd},190,191,189,190,1", "time is not on the grid of 60 s"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES)
def test_a_bad_row_is_left_out_and_reported_with_file_and_line(tmp_path: Path, line: str, reason: str) -> None:
    seconds = START_MS // 1000
    bad = line.format(t=seconds + 240, before=seconds + 60, odd=seconds + 250)
    after = lines_from(START_MS + 5 * MINUTE_MS).removeprefix(HEADER)
    path = write(tmp_path, lines_from(START_MS) + bad + "\n" + after)
    feed = replay(tmp_path)
    fault, gap = feed.report
    assert fault.startswith(f"{path}:6: ") and reason in fault and fault.endswith("; left out")
    assert gap == f"{path}:6: 1 bars are missing after 2026-01-05T14:33:00Z"
    times = [bar.time_ms for bar in rows(last_bars(feed, "AAPL", "1", 99, FOREVER_MS, START_MS + DAY_MS))]
    assert times == [START_MS + minute * MINUTE_MS for minute in (0, 1, 2, 3, 5, 6, 7, 8)]


def test_lines_are_counted_through_all_blocks_of_a_large_file(tmp_path: Path) -> None:
    count = 120_000
    body = [f"{START_MS // 1000 + i * 60},190.00,190.50,189.90,190.40,1000" for i in range(count)]
    body[77_777] = body[77_777].replace("190.50", "?")
    body[100_001] = body[100_001].replace("190.50", "1.50")
    path = write(tmp_path, HEADER + "\n".join(body))
    feed = replay(tmp_path)
    assert feed.report[:2] == [
        f"{path}:77779: high '?' is not a number; left out",
        f"{path}:100003: high is below open, close or low; left out",
    ]
    end_ms = START_MS + count * MINUTE_MS
    assert len(rows(last_bars(feed, "AAPL", "1", 10**6, FOREVER_MS, end_ms))) == count - 2


def test_a_long_report_names_some_and_counts_the_rest(tmp_path: Path) -> None:
    good = lines_from(START_MS)
    path = write(tmp_path, good + "x\n" * 50)
    report = replay(tmp_path).report
    assert len(report) == 21
    assert report[-1] == f"{path}: 30 more lines left out: has 1 columns instead of 6"


def test_rows_outside_the_sessions_are_left_out(tmp_path: Path) -> None:
    early = instant("2026-01-05T14:28")
    path = write(tmp_path, lines_from(early))
    feed = replay(tmp_path, "exchange")
    assert feed.report == [f"{path}:{line}: is outside the trading session; left out" for line in (2, 3)]
    assert feed.begin_ms == START_MS
    assert len(replay(tmp_path).report) == 0


def test_a_night_between_sessions_is_no_gap(tmp_path: Path) -> None:
    monday, tuesday = instant("2026-01-05T20:58"), instant("2026-01-06T14:30")
    text = lines_from(monday, LINES[:2]) + lines_from(tuesday, LINES[:2]).removeprefix(HEADER)
    write(tmp_path, text)
    feed = replay(tmp_path, "exchange")
    assert feed.report == []
    assert feed["AAPL"].overdue_ms(instant("2026-01-06T02:00")) is None
    assert feed["AAPL"].day_stats(tuesday).prev_close == 18950
    assert len(replay(tmp_path).report) == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("AAPL.csv", "", r"AAPL\.csv:1: columns are missing: time, open, high, low, close, volume"),
        ("AAPL.csv", "date,open,high,low,close,volume\n", r"AAPL\.csv: has no usable row"),
        ("AAPL.csv", HEADER, r"AAPL\.csv: has no usable row"),
        ("AAPL.csv", HEADER + "x\n", r"AAPL\.csv: has no usable row: line 2: has 1 columns instead of 6"),
        ("AAPL.csv", lines_from(START_MS, LINES[:1]), r"AAPL\.csv: has one usable row"),
        ("AAPL.csv", lines_from(START_MS, step_ms=7 * MINUTE_MS), r"rows are 420 seconds apart"),
        ("AAPL.csv", lines_from(START_MS, step_ms=7 * DAY_MS), r"rows are 604800 seconds apart; .* of a day, or"),
        ("AAPL.7.csv", lines_from(START_MS), r"AAPL\.7\.csv: the catalogue has no instrument of this name"),
        ("AAPL.1D.csv", lines_from(instant("2026-01-03T15:00")), r"line 2: is of a date without trading"),
        ("NOPE.csv", lines_from(START_MS), r"NOPE\.csv: the catalogue has no instrument of this name"),
        ("notes.txt", "", r"holds no file such as AAPL\.csv"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    write(tmp_path, text, name)
    with pytest.raises(ValueError, match=message) as caught:
        replay(tmp_path, "exchange")
    assert "\n" not in str(caught.value)


def test_folders_and_archives_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="none: cannot be read: No such file"):
        replay(tmp_path / "none")
    (tmp_path / "AAPL.csv.gz").write_bytes(b"\x1f\x8bnot really")
    with pytest.raises(ValueError, match=r"AAPL\.csv\.gz: cannot be read"):
        replay(tmp_path)
    write(tmp_path, lines_from(START_MS))
    with pytest.raises(ValueError, match=r"is of the same instrument"):
        replay(tmp_path)


def test_all_symbols_have_a_price_at_the_beginning(tmp_path: Path) -> None:
    write(tmp_path, lines_from(START_MS))
    write(tmp_path, lines_from(START_MS + 2 * MINUTE_MS), "MSFT.csv")
    feed = replay(tmp_path)
    assert feed.symbols == ("AAPL", "MSFT")
    assert feed.begin_ms == START_MS + 2 * MINUTE_MS
    assert [feed[symbol].quote(feed.begin_ms).last for symbol in feed.symbols] == [18950, 19000]
