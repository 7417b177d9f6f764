"""Clean environments for the tests: the wheels and their dependencies, without the checkout and without Node.

Dependencies are links to the packages of this environment, so that nothing is downloaded. `dockerfile.py` makes the
environment of the container, `user_environment` that of a user who runs the commands of the documentation.
"""

import os
import subprocess
import sysconfig
import venv
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

TIMEOUT_S = 120
SITE = Path(sysconfig.get_path("purelib"))
TOOLS = ("pip", "pytest", "pytest-xdist", "pytest-asyncio", "pytest-tornasync")
"""Packages that a user has beside ours."""

PIP = """#!{python}
import sys
from pip._internal.cli.main import main
sys.exit(main())
"""


def requirements(wheel: Path) -> list[str]:
    """Return the requirements of a wheel without its extras."""
    (folder,) = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" in name}
    lines = PathDistribution(zipfile.Path(wheel, f"{folder}/")).requires or []
    return [line for line in lines if "extra ==" not in line]


def needed(lines: Iterable[str]) -> set[str]:
    """Return the names of the distributions of these requirements, and of everything that they need."""
    found = set[str]()
    waiting = [Requirement(line) for line in lines]
    while waiting:
        requirement = waiting.pop()
        found.add(requirement.name)
        for line in distribution(requirement.name).requires or []:
            one = Requirement(line)
            extras = ("", *requirement.extras)
            is_used = one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras)
            if is_used and one.name not in found:
                waiting.append(one)
    return found


def tops(dist: Distribution) -> set[str]:
    """Return the files and folders of a distribution directly below site-packages."""
    return {file.parts[0] for file in dist.files or () if file.parts[0] not in ("..", "__pycache__")}


def link(lines: Iterable[str], site: Path) -> None:
    """Link the distributions of these requirements, and everything that they need, into a folder of packages."""
    site.mkdir(parents=True, exist_ok=True)
    for name in needed(lines):
        for top in tops(distribution(name)):
            if not (site / top).exists():
                (site / top).symlink_to(SITE / top)


def site_of(environment: Path) -> Path:
    """Return the folder of packages of a virtual environment."""
    (site,) = environment.glob("lib/*/site-packages")
    return site


def offline(wheels: Iterable[Path]) -> dict[str, str]:
    """Return variables that make pip and uv install these wheels by name, and nothing else."""
    folders = [str(wheel.parent) for wheel in wheels]
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": " ".join(folders), "PIP_NO_COMPILE": "1", "PIP_QUIET": "1"}
    return pip | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_OFFLINE": "1", "UV_FIND_LINKS": ",".join(folders)}


def user_environment(folder: Path, wheels: list[Path]) -> None:
    """Install the server with its extra `clients` and pytest by name, as the documentation says.

    Args:
        folder: The new virtual environment.
        wheels: Wheels of the server and of the Python client, in the place of a package registry.
    """
    venv.create(folder, with_pip=False)
    link([*TOOLS, *(line for wheel in wheels for line in requirements(wheel))], site_of(folder))
    programs = folder / "bin"
    pip = programs / "pip"
    pip.write_text(PIP.format(python=programs / "python"))
    pip.chmod(0o755)
    command = [str(pip), "install", "trading-pro[clients]", "pytest"]
    subprocess.run(command, env=clean_variables(folder) | offline(wheels), check=True, timeout=TIMEOUT_S)


def clean_variables(home: Path) -> dict[str, str]:
    """Return environment variables of a user with an empty home folder and nothing on PATH."""
    return {"HOME": str(home), "PATH": "", "LANG": os.environ.get("LANG", "C.UTF-8")}
