"""People's files: one table of formats, all read as the same bars, and the report of how each one was read."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.feeds.csv_rows import UnusableFile
from engine.models.market.bars import BarRow
from tests.engine.market.feeds.csv_files import HEADER, LINES, START_MS, replay, write
from tests.engine.market.specimens import DAY_MS, FOREVER_MS, MINUTE_MS, instant, last_bars, rows


def bar_of(time_ms: int, line: str) -> BarRow:
    open_, high, low, close, volume = (float(value) for value in line.split(","))
    return BarRow(time_ms, round(open_ * 100), round(high * 100), round(low * 100), round(close * 100), int(volume))


BARS = [bar_of(START_MS + index * MINUTE_MS, line) for index, line in enumerate(LINES)]


def at(bar: BarRow, form: str) -> str:
    return f"{datetime.fromtimestamp(bar.time_ms / 1000, UTC):{form}}"


def prices(bar: BarRow) -> str:
    return ",".join(f"{price / 100:.2f}" for price in bar[1:5])


def table(header: str, line: Callable[[BarRow], str], end: str = "\n") -> Callable[[list[BarRow]], str]:
    return lambda bars: "".join(one + end for one in (header, *map(line, bars)) if one)


def kline(bar: BarRow, unit: int) -> str:
    close_time = (bar.time_ms + MINUTE_MS) * unit - 1
    return f"{bar.time_ms * unit},{prices(bar)},{bar.volume},{close_time},190.25,12,5,95.5,0"


PLAIN, ISO = HEADER.strip(), "%Y-%m-%dT%H:%M:%SZ"
METATRADER = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>"
STOOQ = "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>"
FORMATS: dict[str, Callable[[list[BarRow]], str]] = {
    "seconds": table(PLAIN, lambda bar: f"{bar.time_ms // 1000},{prices(bar)},{bar.volume}"),
    "milliseconds": table(PLAIN, lambda bar: f"{bar.time_ms},{prices(bar)},{bar.volume}"),
    "microseconds": table(PLAIN, lambda bar: f"{bar.time_ms}000,{prices(bar)},{bar.volume}"),
    "iso": table(PLAIN, lambda bar: f"{at(bar, ISO)},{prices(bar)},{bar.volume}"),
    "compact": table(PLAIN, lambda bar: f"{at(bar, '%Y%m%dT%H%M%S')},{prices(bar)},{bar.volume}"),
    "crlf and bom": table("\ufeff" + PLAIN, lambda bar: f"{bar.time_ms},{prices(bar)},{bar.volume}", "\r\n"),
    "offset": table(
        "Datetime,Open,High,Low,Close,Volume",
        lambda bar: (
            f"{at(bar._replace(time_ms=bar.time_ms - 18_000_000), '%Y-%m-%d %H:%M:%S')}-05:00,"
            f"{prices(bar)},{bar.volume}"
        ),
    ),
    "yahoo": table(
        "Date,Open,High,Low,Close,Adj Close,Volume",
        lambda bar: f"{at(bar, '%Y-%m-%d %H:%M')},{prices(bar)},{bar.close / 110:.6f},{bar.volume}",
    ),
    "any order": table(
        "VOLUME, Close ,low,HIGH,Open,TimeStamp",
        lambda bar: f"{bar.volume}, {bar.close / 100},{bar.low / 100},{bar.high / 100},{bar.open / 100},{at(bar, ISO)}",
    ),
    "metatrader": table(
        METATRADER,
        lambda bar: f"{at(bar, '%Y.%m.%d')}\t{at(bar, '%H:%M:%S')}\t{prices(bar)}\t77\t{bar.volume}\t2".replace(
            ",", "\t"
        ),
    ),
    "stooq": table(
        STOOQ, lambda bar: f"AAPL.US,1,{at(bar, '%Y%m%d')},{at(bar, '%H%M%S')},{prices(bar)},{bar.volume},0"
    ),
    "semicolons and decimal commas": table(
        "Time;Open;High;Low;Close;Volume",
        lambda bar: f"{at(bar, '%d.%m.%Y %H:%M')};{prices(bar).replace(',', ';').replace('.', ',')};{bar.volume}",
    ),
    "semicolons": table(
        PLAIN.replace(",", ";"), lambda bar: f"{bar.time_ms},{prices(bar)},{bar.volume}".replace(",", ";")
    ),
    "quoted, newest first, volume in thousands": lambda bars: table(
        '"Date","Price","Open","High","Low","Vol.","Change %"',
        lambda bar: (
            f'"{at(bar, "%Y-%m-%d %H:%M")}","{bar.close / 100:.2f}","{bar.open / 100:.2f}",'
            f'"{bar.high / 100:.2f}","{bar.low / 100:.2f}","{bar.volume / 1000:.3f}K","0.12%"'
        ),
    )(bars[::-1]),
    "binance": table("", lambda bar: kline(bar, 1)),
    "binance in microseconds": table("", lambda bar: kline(bar, 1000)),
    "binance with a header": table(
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote,ignore",
        lambda bar: kline(bar, 1),
    ),
}

REPORTS = {
    "compact": "time 20260105T143000 is 2026-01-05T14:30:00Z",
    "microseconds": "time 1767623400000000 is 2026-01-05T14:30:00Z",
    "offset": "columns are time = Datetime, open = Open, high = High, low = Low, close = Close, volume = Volume; "
    "separated by commas; time 2026-01-05 09:30:00-05:00 is 2026-01-05T14:30:00Z",
    "yahoo": "columns are time = Date, open = Open, high = High, low = Low, close = Close, volume = Volume; "
    "not used: Adj Close; separated by commas",
    "metatrader": "columns are time = <DATE>, time of day = <TIME>, open = <OPEN>, high = <HIGH>, low = <LOW>, "
    "close = <CLOSE>, volume = <VOL>; not used: <TICKVOL>, <SPREAD>; separated by tabs; "
    "time 2026.01.05 14:30:00 is 2026-01-05T14:30:00Z",
    "semicolons and decimal commas": "columns are time = Time, open = Open, high = High, low = Low, close = Close, "
    "volume = Volume; separated by semicolons; decimal commas; time 05.01.2026 14:30 is 2026-01-05T14:30:00Z",
    "binance": "no header; the columns are those of Binance's klines",
}


def read(folder: Path) -> list[BarRow]:
    return rows(last_bars(replay(folder), "AAPL", "1", 99, FOREVER_MS, START_MS + DAY_MS))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("file", ["AAPL.csv", "AAPL.csv.gz"])
def test_every_format_has_the_same_bars(tmp_path: Path, name: str, file: str) -> None:
    path = write(tmp_path, FORMATS[name](BARS), file)
    assert read(tmp_path) == BARS
    report = replay(tmp_path).report
    assert all(line.startswith(f"{path}: ") for line in report)
    if name in REPORTS:
        assert report == [f"{path}: {REPORTS[name]}"]
    if name in ("seconds", "milliseconds", "iso", "crlf and bom"):
        assert report == []


def test_a_file_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "AAPL.csv").write_bytes(FORMATS["metatrader"](BARS).encode("utf-16"))
    assert read(tmp_path) == BARS


@given(st.data())
def test_files_of_the_same_bars_have_the_same_bars(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    price = st.integers(1, 10**7)
    bars = []
    for index in range(data.draw(st.integers(3, 12))):
        low, open_, close, high = sorted(data.draw(st.lists(price, min_size=4, max_size=4)))
        bars.append(BarRow(START_MS + index * MINUTE_MS, open_, high, low, close, data.draw(st.integers(0, 10**9))))
    for name in data.draw(st.lists(st.sampled_from(sorted(FORMATS)), min_size=1, max_size=3)):
        folder = tmp_path_factory.mktemp("format")
        write(folder, FORMATS[name](bars))
        found = rows(last_bars(replay(folder), "AAPL", "1", 99, FOREVER_MS, START_MS + DAY_MS))
        assert found == bars, name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "columns are missing: time, open, high, low, close, volume; the line has no text"),
        ("time,open,high,low,volume\n", "columns are missing: close; the line has time, open, high, low, volume"),
        (
            "Date,Adj Close,Volume\n",
            "columns are missing: open, high, low, close; the line has Date, Adj Close, Volume",
        ),
        ("Open;High;Low;Close;Volume\n", "columns are missing: time; the line has Open, High, Low, Close, Volume"),
        (
            "1767623400,190,191,189,190,1\n",
            "columns are missing: time, open, high, low, close, volume; the line has 1767",
        ),
        ("time,open,high,low,close,Close,volume\n", "the column close is ambiguous: the line has close twice"),
        (
            PLAIN.replace(",", ";") + "\n1767623400;1,190;1,191;1,189;1,190;1\n",
            "'1,190' is ambiguous: its comma may be",
        ),
        (PLAIN.replace(",", ";") + "\n1767623400;1.5;2,50;1.5;2.5;1\n", "'2,50' is ambiguous: its comma may be"),
    ],
)
def test_a_file_whose_columns_are_not_clear_is_refused_with_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ValueError) as caught:
        replay(tmp_path)
    assert str(caught.value).startswith(f"{path}:1: {message}") and "\n" not in str(caught.value)


WEEK = ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]


def daily(stamps: list[str], header: str = HEADER) -> str:
    return header + "".join(f"{stamp},190.00,191.00,189.00,190.50,100\n" for stamp in stamps)


def days_read(folder: Path, sessions: str) -> list[int]:
    feed = replay(folder, "exchange" if sessions == "exchange" else "24x7")
    return [bar.time_ms for bar in rows(last_bars(feed, "AAPL", "1D", 99, FOREVER_MS, instant("2026-02-01")))]


@pytest.mark.parametrize("sessions", ["24x7", "exchange"])
@pytest.mark.parametrize(
    "stamps",
    [
        [*WEEK, "2026-01-09T20:59:59"],  # a live download
        [*WEEK, "2026-01-09 15:59:59-05:00"],
        ["2026-01-05T14:30:00Z", *WEEK[1:], "2026-01-09"],
        [*(day.replace("-", "") for day in WEEK), "20260109"],
        [*WEEK[:2], "20260107", "1767830400", "2026-01-09T00:00:00-05:00"],
        ["05/01/2026", "06/01/2026", "07/01/2026", "08/01/2026", "09/01/2026", "13/01/2026"],
        ["01/05/2026", "01/06/2026", "01/07/2026", "01/08/2026", "01/09/2026", "01/13/2026"],
    ],
)
def test_each_daily_row_has_its_own_date(tmp_path: Path, stamps: list[str], sessions: str) -> None:
    write(tmp_path, daily(stamps))
    assert days_read(tmp_path, sessions)[:5] == [instant(day) for day in [*WEEK, "2026-01-09"]]


def test_two_dates_and_a_live_row_are_days(tmp_path: Path) -> None:
    write(tmp_path, daily(["2026-01-08", "2026-01-09", "2026-01-09T20:59:59"]))
    assert days_read(tmp_path, "exchange") == [instant("2026-01-08"), instant("2026-01-09")]


def test_dates_of_which_the_first_number_may_be_day_or_month_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, daily(["05/01/2026", "06/01/2026"]))
    with pytest.raises(UnusableFile, match=r"has no usable row: line 2: time '05/01/2026' is ambiguous") as caught:
        replay(tmp_path)
    assert caught.value.report[0].startswith(f"{path}:2: time '05/01/2026' is ambiguous: the day or the month")


@pytest.mark.parametrize("first", ["1970-01-05", "1970-12-28", "1972-12-25"])
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y%m%d", "%Y-%m-%dT20:59:59Z"])
@pytest.mark.parametrize("sessions", ["24x7", "exchange"])
def test_days_before_1973_are_their_dates(tmp_path: Path, first: str, form: str, sessions: str) -> None:
    days = [instant(first) + number * DAY_MS for number in range(4)]
    write(tmp_path, daily([at(BARS[0]._replace(time_ms=time_ms), form) for time_ms in days]))
    assert days_read(tmp_path, sessions) == days


def test_rows_before_1970_are_left_out_and_reported(tmp_path: Path) -> None:
    path = write(tmp_path, daily(["1962-01-02", "1969-12-31", "1970-01-01", "1970-01-02"]))
    assert days_read(tmp_path, "24x7") == [instant("1970-01-01"), instant("1970-01-02")]
    assert replay(tmp_path).report == [f"{path}:{line}: time is not from 1970 to 2199; left out" for line in (2, 3)]


NULL = "null,null,null,null,null"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (NULL, "open 'null' is not a number"),
        (",,,,", "open '' is not a number"),
        ("190.129997,191,189,190.5,100", "a price is not a multiple of the tick 0.01"),
    ],
)
def test_rows_that_are_left_out_are_reported_before_a_refusal(tmp_path: Path, bad: str, reason: str) -> None:
    good = "190.00,191.00,189.00,190.50,100"
    path = write(tmp_path, HEADER + f"2026-01-05,{good}\n2026-01-08,{bad}\n2026-01-11,{good}\n")
    with pytest.raises(UnusableFile, match="rows are 259200 seconds apart") as caught:
        replay(tmp_path)
    assert caught.value.report == [f"{path}:3: {reason}; left out"]


def test_the_report_of_a_refused_file_begins_with_the_files_before(tmp_path: Path) -> None:
    write(tmp_path, FORMATS["yahoo"](BARS))
    write(tmp_path, daily(["2026-01-05", "2026-01-08"]), "MSFT.csv")
    with pytest.raises(UnusableFile, match=r"MSFT\.csv: rows are 259200 seconds apart") as caught:
        replay(tmp_path)
    assert ["Adj Close" in line for line in caught.value.report] == [True]


def test_rows_that_are_left_out_show_how_far_rows_are_apart(tmp_path: Path) -> None:
    lines = [f"2026-01-0{day},{NULL if day == 6 else '190,191,189,190,100'}\n" for day in (5, 6, 7)]
    path = write(tmp_path, HEADER + "".join(lines))
    assert replay(tmp_path).report[0] == f"{path}:3: open 'null' is not a number; left out"


@pytest.mark.parametrize("stamp", ["{} 09:30:00-05:00", "{}T15:30:00+01:00", "{} 14:30", "{}T14:30:00.000Z"])
@pytest.mark.parametrize("blank", [False, True])
def test_a_time_is_the_same_beside_a_row_that_is_left_out(tmp_path: Path, stamp: str, blank: bool) -> None:
    lines = [f"{stamp.format(day)},190,191,189,{'' if blank and day == WEEK[1] else 190},100\n" for day in WEEK]
    write(tmp_path, HEADER + "".join(lines), "AAPL.1D.csv")
    expected = [instant(day) for day in WEEK if not (blank and day == WEEK[1])]
    assert days_read(tmp_path, "exchange") == expected
