"""The documentation: its site has no broken link and requests nothing from elsewhere; links between files exist."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.packaging.environment import TIMEOUT_S
from tests.test_house import ROOT, files

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
"""Elements that load something, and the attribute with the address."""


class Loads(HTMLParser):
    """Collects the addresses that a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(LOADING.get(tag, "")) or ""
        if tag in LOADING and dict(attrs).get("rel") != "canonical":
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site; building it fails when a link is broken."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", ".ci/mkdocs.yml", "-d", str(target)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return target


def test_the_site_has_a_start_page_for_each_user_and_the_references(site: Path) -> None:
    for name in ("index", *(f"start/{user}" for user in ("look", "bot", "front-end", "ci"))):
        assert (site / f"{name}.html").exists()
    assert "/api/v1/broker/orders" in (site / "reference/rest.html").read_text()
    assert "executions.update" in (site / "reference/stream.html").read_text()


def test_a_page_requests_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert [one for one in loads.addresses if "//" in one] == [], page
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in site.rglob("*.css"))
    assert re.search(r"url\(['\"]?(https?:)?//|@import", sheets) is None


def test_links_between_files_of_the_repository_exist() -> None:
    pages = [file for file in files() if file.suffix == ".md"]
    missing = [
        f"{page}: {target}"
        for page in pages
        for target in LINK.findall((ROOT / page).read_text(encoding="utf-8"))
        if not (ROOT / page).parent.joinpath(target).exists()
    ]
    assert missing == []
