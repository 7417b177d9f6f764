"""The units of the stored numbers: a catalogue that counts as they do is taken, another one is refused."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.market.instruments import DEFAULT_FILE, Catalogue
from engine.models.market.instruments import Instrument
from server.storage.data_directory import StorageError
from server.storage.recovery import open_storage
from tests.conftest import StartLive
from tests.faults.program import run

INSTRUMENTS = Catalogue.load().by_name


async def traded(live: StartLive, data_dir: Path) -> None:
    """Make a directory that holds an order for AAPL."""
    server = await live(data_dir=data_dir, ephemeral=False)
    await server.place()
    server.server.ticker.stop()
    await server.server.storage.close()


def other(name: str, **fields: Any) -> Mapping[str, Instrument]:
    """The catalogue with one entry changed."""
    entry = INSTRUMENTS[name].model_dump() | fields
    return {**INSTRUMENTS, name: Instrument.model_validate(entry)}


def reopen(data_dir: Path, instruments: Mapping[str, Instrument]) -> None:
    open_storage(data_dir, instruments, 1).release()


FINER = {"min": "0.01", "max": "100", "step": "0.01"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"pricescale": 1000}, "AAPL .* price units 100 there and 1000 here; nothing was changed.* --instruments"),
        ({"qty": FINER}, "AAPL .* quantity units 1 there and 100 here"),
        ({"point_value": 10}, "AAPL .* point value 1 there and 10 here"),
    ],
)
async def test_other_units_of_a_traded_instrument_are_refused(
    fields: dict[str, Any], told: str, live: StartLive, tmp_path: Path
) -> None:
    await traded(live, tmp_path)
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(StorageError, match=told):
        reopen(tmp_path, other("AAPL", **fields))
    assert (tmp_path / "journal.db").read_bytes() == before
    reopen(tmp_path, INSTRUMENTS)


@pytest.mark.parametrize(
    "catalogue",
    [
        lambda: other("MSFT", pricescale=1000),
        lambda: other("AAPL", description="another text", spread_ticks=5),
        lambda: {name: one for name, one in INSTRUMENTS.items() if name in ("AAPL", "MSFT")},
    ],
    ids=["units of one that nobody traded", "what is no unit", "fewer instruments"],
)
async def test_catalogues_that_mean_the_same_are_taken(
    catalogue: Callable[[], Mapping[str, Instrument]], live: StartLive, tmp_path: Path
) -> None:
    await traded(live, tmp_path)
    reopen(tmp_path, catalogue())


async def test_names_that_a_catalogue_lacks_keep_their_units(live: StartLive, tmp_path: Path) -> None:
    server = await live(data_dir=tmp_path, ephemeral=False)
    server.server.ticker.stop()
    await server.server.storage.close()
    reopen(tmp_path, {"MSFT": INSTRUMENTS["MSFT"]})
    assert set(known(tmp_path)) == set(INSTRUMENTS)


def known(data_dir: Path) -> dict[str, list[int]]:
    connection = sqlite3.connect(data_dir / "journal.db")
    [(text,)] = connection.execute("SELECT value FROM meta WHERE name = 'scales'").fetchall()
    connection.close()
    found: dict[str, list[int]] = json.loads(text)
    return found


async def test_directory_without_scales_takes_those_of_its_first_catalogue(live: StartLive, tmp_path: Path) -> None:
    await traded(live, tmp_path)
    forget = sqlite3.connect(tmp_path / "journal.db")
    forget.execute("DELETE FROM meta WHERE name = 'scales'")
    forget.commit()
    forget.close()
    reopen(tmp_path, INSTRUMENTS)
    assert known(tmp_path)["AAPL"] == [100, 1, 1]
    with pytest.raises(StorageError, match="AAPL"):
        reopen(tmp_path, other("AAPL", pricescale=1000))


async def test_verify_says_it_too(live: StartLive, tmp_path: Path) -> None:
    await traded(live, tmp_path / "var")
    entries = json.loads(DEFAULT_FILE.read_text())
    rows = entries if isinstance(entries, list) else entries["instruments"]
    next(row for row in rows if row["name"] == "AAPL")["pricescale"] = 1000
    (tmp_path / "other.json").write_text(json.dumps(entries))
    refused = run("verify", tmp_path / "var", "--instruments", str(tmp_path / "other.json"))
    assert (refused.returncode, "price units 100 there and 1000 here" in refused.stderr) == (1, True)
