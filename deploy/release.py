"""Checks that the checkout can be released: versions, changelog, distributions, documentation. `make release` calls it.

It publishes nothing. `dist.py` builds and checks the distributions.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from deploy import dist  # noqa: E402 - the checkout is not on the path of a script in deploy/
from server import VERSION  # noqa: E402

RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})$", re.M)
SECTION = re.compile(r"^## (.+)$", re.M)


def changelog_faults(text: str, version: str) -> list[str]:
    """Return the faults of a changelog: "Unreleased" first, then the releases, the newest of which is `version`."""
    sections, releases = SECTION.findall(text), [found[0] for found in RELEASE.findall(text)]
    if sections[:1] != ["Unreleased"]:
        return ["CHANGELOG.md: the first section has to be 'Unreleased'"]
    if len(sections) != len(releases) + 1:
        return ["CHANGELOG.md: the title of a release is '## 1.2.3 - 2026-01-31'"]
    faults = []
    if releases[:1] != [version]:
        faults.append(f"CHANGELOG.md: the newest release is {releases[0] if releases else 'missing'}, not {version}")
    if releases != sorted(releases, key=lambda one: tuple(map(int, one.split("."))), reverse=True):
        faults.append("CHANGELOG.md: the releases are not in order, newest first")
    return faults


def versions(root: Path) -> dict[str, str]:
    """Return the version in each file that has one."""
    client = tomllib.loads((root / "clients/python/pyproject.toml").read_text())["project"]["version"]
    package = json.loads((root / "clients/typescript/package.json").read_text())["version"]
    image = yaml.safe_load((root / "deploy/compose.yaml").read_text())["services"]["server"]["image"]
    return {
        "clients/python/pyproject.toml": client,
        "clients/typescript/package.json": package,
        "deploy/compose.yaml": image.partition(":")[2],
    }


def version_faults(root: Path, version: str) -> list[str]:
    """Return the files whose version is not that of the server."""
    return [f"{file}: the version is {one}, not {version}" for file, one in versions(root).items() if one != version]


def main() -> int:
    """Check everything; returns the exit status."""
    faults = version_faults(ROOT, VERSION) + changelog_faults((ROOT / "CHANGELOG.md").read_text(), VERSION)
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True)
    if changed.stdout:
        faults.append("the checkout has changes that are not committed")
    if faults:
        print(*faults, sep="\n", file=sys.stderr)
        return 1
    dist.main()
    with tempfile.TemporaryDirectory() as folder:
        dist.run(sys.executable, "-m", "mkdocs", "build", "--strict", "-f", ROOT / ".ci/mkdocs.yml", "-d", folder)
    print(f"{VERSION} can be released: tag it, and publish the files in dist/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
