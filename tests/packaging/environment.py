"""A clean environment for the tests: a wheel and its dependencies, without the checkout and without Node.

Dependencies are links to the packages of this environment, so that nothing is downloaded.
"""

import os
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

TIMEOUT_S = 60
SITE = Path(sysconfig.get_path("purelib"))


def needed(lines: list[str]) -> set[str]:
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


def make_environment(folder: Path, wheels: list[Path], others: tuple[str, ...] = ()) -> Path:
    """Make a virtual environment with wheels and other distributions; returns its folder of programs."""
    venv.create(folder, with_pip=False)
    programs = folder / "bin"
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "--disable-pip-version-check"]
    command = [*pip, "install", "--quiet", "--no-deps", "--no-index", *map(str, wheels)]
    subprocess.run(command, check=True, timeout=TIMEOUT_S)
    link_needed(folder, others)
    return programs


def link_needed(folder: Path, others: tuple[str, ...] = ()) -> None:
    """Link the dependencies of all that is installed in a virtual environment into it, and other distributions."""
    (target,) = folder.glob("lib/*/site-packages")
    installed = [Distribution.at(path) for path in target.glob("*.dist-info")]
    requirements = [line for dist in installed for line in dist.requires or [] if "extra ==" not in line]
    for name in needed([*requirements, *others]):
        for top in tops(distribution(name)):
            if not (target / top).exists():
                (target / top).symlink_to(SITE / top)


def clean_variables(home: Path) -> dict[str, str]:
    """Return environment variables of a user with an empty home folder and nothing on PATH."""
    return {"HOME": str(home), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1", "LANG": os.environ.get("LANG", "C.UTF-8")}
