"""The table of the terminal's promises names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS / "browser/README.md").read_text(encoding="utf-8")


def test_every_test_of_the_table_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    sources = "".join(path.read_text(encoding="utf-8") for path in (TESTS / "browser").glob("test_*.py"))
    assert named - set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE)) == set()


def test_every_file_of_the_table_exists() -> None:
    files = re.findall(r"`([\w-]+\.test\.mjs)`", TABLE)
    assert [name for name in files if not (TESTS / "js" / name).exists()] == []
