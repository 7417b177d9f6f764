"""The market of a server: catalogues that cannot be used are refused with one line."""

import json
from pathlib import Path

import pytest

from engine.market.instruments import DEFAULT_FILE
from server.market_setup import make_market
from server.settings import Settings

ENTRIES = {entry["name"]: entry for entry in json.loads(DEFAULT_FILE.read_text())["instruments"]}


def catalogue(path: Path, *names: str) -> Path:
    """Write a catalogue of some default instruments."""
    file = path / "mine.json"
    content = json.loads(DEFAULT_FILE.read_text()) | {"instruments": [ENTRIES[name] for name in names]}
    file.write_text(json.dumps(content))
    return file


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (("SAP", "EURUSD"), None),
        (("USDJPY",), None),
        (("AAPL", "SAP"), "SAP: currency: no instrument gives a rate from EUR to USD"),
    ],
)
def test_a_catalogue_without_a_rate_to_dollars_is_refused(
    names: tuple[str, ...], missing: str | None, tmp_path: Path
) -> None:
    settings = Settings(ephemeral=True, instruments=catalogue(tmp_path, *names))
    if missing is None:
        market, _ = make_market(settings)
        assert tuple(market.instruments) == names
        return
    with pytest.raises(ValueError) as refused:
        make_market(settings)
    assert str(refused.value) == f"{settings.instruments}: {missing}"


def test_a_replay_needs_the_prices_of_its_rates(tmp_path: Path) -> None:
    rows = "time,open,high,low,close,volume\n1767600000,180,181,179,180,100\n1767600060,180,181,179,180,100\n"
    (tmp_path / "SAP.csv").write_text(rows)
    settings = Settings(ephemeral=True, replay=tmp_path)
    with pytest.raises(ValueError, match="SAP: currency: no instrument gives a rate from EUR to USD"):
        make_market(settings)
    (tmp_path / "EURUSD.csv").write_text(rows.replace("180", "1.08").replace("181", "1.09").replace("179", "1.07"))
    market, _ = make_market(settings)
    assert set(market.instruments) == {"EURUSD", "SAP"}


def test_a_server_without_the_broker_needs_no_rates(tmp_path: Path) -> None:
    settings = Settings(ephemeral=True, instruments=catalogue(tmp_path, "SAP"), modules=("datafeed",))
    assert list(make_market(settings)[0].instruments) == ["SAP"]
