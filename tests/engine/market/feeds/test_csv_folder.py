"""Which instrument a file is of: names of files, and the list of symbols."""

from pathlib import Path

import pytest

from engine.market.feeds.csv_folder import symbol_files

SYMBOLS = ["AAPL", "BTC/USD", "ETH/USD", "A_B", "A/B"]


@pytest.mark.parametrize(
    ("names", "listed", "expected"),
    [
        (["AAPL.csv"], "", {"AAPL": ("AAPL.csv", None)}),
        (["BTC_USD.csv"], "", {"BTC/USD": ("BTC_USD.csv", None)}),
        (["btc_usd.5.csv.gz"], "", {"BTC/USD": ("btc_usd.5.csv.gz", 300_000)}),
        (["ETH_USD.1D.csv"], "", {"ETH/USD": ("ETH_USD.1D.csv", 86_400_000)}),
        (["bitcoin.csv"], "file,symbol\nbitcoin.csv,BTC/USD\n", {"BTC/USD": ("bitcoin.csv", None)}),
        (
            ["bitcoin.1D.csv"],
            "File, Symbol\r\n\r\nbitcoin.1D.csv, btc/usd\r\n",
            {"BTC/USD": ("bitcoin.1D.csv", 86_400_000)},
        ),
        (["A_B.csv", "AAPL.csv"], "file,symbol\nA_B.csv,A/B\n", {"AAPL": ("AAPL.csv", None), "A/B": ("A_B.csv", None)}),
        (["BTC_USD.csv"], "file,symbol\nBTC_USD.csv,ETH/USD\n", {"ETH/USD": ("BTC_USD.csv", None)}),
    ],
)
def test_a_file_is_of_the_symbol_in_its_name_or_in_the_list(
    tmp_path: Path, names: list[str], listed: str, expected: dict[str, tuple[str, int | None]]
) -> None:
    for name in names:
        (tmp_path / name).touch()
    if listed:
        (tmp_path / "symbols.csv").write_text(listed)
    found = symbol_files(tmp_path, SYMBOLS)
    assert {symbol: (file.path.name, file.step_ms) for symbol, file in found.items()} == expected
    assert list(found) == [symbol for symbol in SYMBOLS if symbol in expected]


@pytest.mark.parametrize(
    ("names", "listed", "message"),
    [
        (["A_B.csv"], "", r"A_B\.csv: the name is ambiguous: A_B or A/B; symbols\.csv can give its symbol"),
        (["BTCUSD.csv"], "", r"BTCUSD\.csv: the catalogue has no instrument of this name; symbols\.csv can give"),
        (["x.csv"], "x.csv,AAPL\n", r"symbols\.csv:1: the header is not file,symbol"),
        (["x.csv"], "file,symbol\ny.csv,AAPL\n", r"symbols\.csv:2: y\.csv,AAPL is not a file of the folder"),
        (["x.csv"], "file,symbol\nx.csv,NOPE\n", r"symbols\.csv:2: the catalogue has no instrument NOPE"),
        (
            ["x.csv"],
            "file,symbol\nx.csv,AAPL\nx.csv,A_B\n",
            r"symbols\.csv:3: x\.csv,A_B is not a file of the folder, once",
        ),
        (["x.csv", "AAPL.csv"], "file,symbol\nx.csv,AAPL\n", r"x\.csv: AAPL\.csv is of the same instrument"),
        ([], "file,symbol\n", r"holds no file such as AAPL\.csv"),
    ],
)
def test_a_file_of_no_clear_symbol_is_refused_with_one_line(
    tmp_path: Path, names: list[str], listed: str, message: str
) -> None:
    for name in names:
        (tmp_path / name).touch()
    if listed:
        (tmp_path / "symbols.csv").write_text(listed)
    with pytest.raises(ValueError, match=message) as caught:
        symbol_files(tmp_path, SYMBOLS)
    assert "\n" not in str(caught.value)
