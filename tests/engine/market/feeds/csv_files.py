"""CSV files of bars for the tests of the replay feed."""

import gzip
from pathlib import Path

from engine.market.feeds.replay import ReplayFeed
from engine.market.instruments import Catalogue, Sessions
from tests.engine.market.specimens import MINUTE_MS, instant, make_instrument

HEADER = "time,open,high,low,close,volume\n"
START_MS = instant("2026-01-05T14:30")
LINES = [
    "190.00,190.50,189.90,190.40,1000",  # the low is nearer
    "190.40,190.60,189.00,189.50,800",  # the high is nearer
    "189.50,189.80,189.20,189.50,403",  # both are as near
    "189.50,189.50,189.50,189.50,0",
]


def catalogue(sessions: Sessions = "24x7") -> Catalogue:
    return Catalogue([make_instrument(name="AAPL"), make_instrument(name="MSFT")], sessions)


def write(folder: Path, text: str, name: str = "AAPL.csv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def lines_from(start_ms: int, lines: list[str] = LINES, step_ms: int = MINUTE_MS) -> str:
    return HEADER + "".join(f"{(start_ms + index * step_ms) // 1000},{line}\n" for index, line in enumerate(lines))


def replay(folder: Path, sessions: Sessions = "24x7") -> ReplayFeed:
    listed = catalogue(sessions)
    return ReplayFeed(listed.by_name, folder, listed.calendars)
