"""The commands and programs in README and docs: each block says whether it is run, and those are run here as written.

A comment before the block has the mark: `<!-- run -->`, `<!-- run: KIND -->` or `<!-- not run: reason -->`. Blocks of
one page run in their order. All pages have one folder of a user who has installed server, client and pytest, and one
server on the port that stands for 8000. Our packages are not published: pip and uv get them from the folder of the
built wheels. Kinds: `prints` runs until the first line, `pytest` is a test file, `settings` is a settings file.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement

from deploy.dist import Built
from tests.packaging.environment import TIMEOUT_S, clean_variables, link, offline, requirements
from tests.packaging.server import InstalledServer
from tests.test_house import ROOT, files
from tests.tokens import key_file

BLOCK = re.compile(r"(?:^<!-- (not run|run)(?:: ([^\n]+))? -->\n)?^```(sh|python|toml|ts)\n(.*?)^```", re.M | re.S)
PATTERNS = (
    "README.md",
    "docs/*.md",
    "docs/start/*.md",
    "clients/*.md",
    "clients/python/*.md",
    "clients/typescript/*.md",
)


class Block(NamedTuple):
    """A fenced block: its mark ("run", "not run" or ""), the kind or the reason, language and text."""

    mark: str
    kind: str
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]


PAGES = [file for file in files() if any(file.match(pattern) for pattern in PATTERNS) and blocks(file)]
RUN_PAGES = [page for page in PAGES if any(block.mark == "run" for block in blocks(page))]


def test_every_block_says_whether_it_is_run() -> None:
    assert len(PAGES) >= 8
    unmarked = [f"{page}: {block.text[:40]}" for page in PAGES for block in blocks(page) if not block.mark]
    assert unmarked == []
    assert [page for page in PAGES for block in blocks(page) if block.mark == "not run" and not block.kind] == []


class User:
    """A folder with an environment and a server.

    Args:
        folder: Home and current folder.
        programs: Folder of the installed programs.
        wheels: Wheels of the server and of the Python client, in the place of a package registry.
        address: Host and port of the server that the pages have at 127.0.0.1:8000.
    """

    def __init__(self, folder: Path, programs: Path, wheels: list[Path], address: str) -> None:
        self.folder = folder
        self.address = address
        self._ran = set[str]()
        path = f"{programs}:{os.environ['PATH']}:{Path(sys.executable).parent}"
        own = {"PATH": path, "PYTHONWARNINGS": "", "TRADING_PORT": "0"}
        self.variables = clean_variables(folder) | own | offline(wheels) | self.uv_variables(wheels[0])
        (folder / ".curlrc").write_text("fail\nsilent\nshow-error\n")
        (folder / "run.py").symlink_to(ROOT / "run.py")

    def uv_variables(self, wheel: Path) -> dict[str, str]:
        """Return variables with which uv installs the wheel only and finds its dependencies among our packages."""
        lines = [Requirement(line).name for line in requirements(wheel)]
        link(lines, self.folder / ".dependencies")
        left_out = self.folder / "overrides.txt"
        left_out.write_text("".join(f"{line}; sys_platform == 'never'\n" for line in lines))
        return {"UV_OVERRIDE": str(left_out), "UV_PYTHON": sys.executable, "UV_NO_CONFIG": "1"}

    def run(self, block: Block) -> None:
        """Run a block; fails unless it ends with status 0 or, where it prints, has printed a line.

        Commands that several pages have are run once.
        """
        if block.language == "sh" and block.text in self._ran:
            return
        self._ran.add(block.text)
        key = str(key_file(self.folder))
        text = block.text.replace("127.0.0.1:8000", self.address).replace("/etc/trading-pro/jwt.key", key)
        if block.kind == "settings":
            (self.folder / "settings.toml").write_text(text)
            self.first_line(["trading-pro", "--port", "0", "--config", "settings.toml"])
            return
        if block.kind == "pytest":
            name = "test_page.py" if "def test_" in text else "conftest.py"
            (self.folder / name).write_text(text)
            command = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:tornado"]
        elif block.language == "python":
            (self.folder / "page.py").write_text(text)
            command = ["python", "page.py"]
        else:
            command = ["sh", "-e", "-c", text]
        if text.startswith("uvx"):
            command = ["env", f"PYTHONPATH={self.folder / '.dependencies'}", *command]
        if block.kind == "prints":
            self.first_line(command)
        else:
            self.whole(command)

    def whole(self, command: list[str]) -> None:
        """Run a command to its end."""
        ran = subprocess.run(
            command,
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"

    def first_line(self, command: list[str]) -> None:
        """Run a command until it prints a line, and end it."""
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline(), f"{command} printed nothing"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=TIMEOUT_S)


@pytest.fixture(scope="module")
def user(
    programs: Path, built: Built, python_client: Built, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[User]:
    """A user beside a server that runs for all pages."""
    folder = tmp_path_factory.mktemp("home")
    with InstalledServer(programs, folder, "--data-dir", "var") as server:
        wheels = [built.wheel, python_client.wheel]
        yield User(folder, programs, wheels, server.address.removeprefix("http://"))


@pytest.mark.parametrize("page", RUN_PAGES, ids=str)
def test_the_blocks_of_a_page_run_as_written(page: Path, user: User) -> None:
    for block in blocks(page):
        if block.mark == "run":
            user.run(block)
