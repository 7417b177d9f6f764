"""`make release`: what it checks before the distributions are built."""

import pytest

from deploy.dist import ROOT
from deploy.release import changelog_faults, version_faults
from server import VERSION

GOOD = "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-12-01\n\n### New\n- A.\n\n## 0.1.0 - 2026-11-20\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD, None),
        (GOOD.replace("## Unreleased\n", ""), "the first section has to be 'Unreleased'"),
        (GOOD.replace("0.2.0", "0.1.9"), "the newest release is 0.1.9, not 0.2.0"),
        (GOOD.replace("## 0.2.0 - 2026-12-01", "## 0.2.0"), "the title of a release is '## 1.2.3 - 2026-01-31'"),
        (GOOD.replace("0.1.0", "0.10.0"), "the releases are not in order, newest first"),
        ("# Changelog\n\n## Unreleased\n", "the newest release is missing, not 0.2.0"),
    ],
)
def test_the_changelog_has_the_release_as_its_newest(text: str, fault: str | None) -> None:
    assert changelog_faults(text, "0.2.0") == ([] if fault is None else [f"CHANGELOG.md: {fault}"])


def test_all_files_have_the_version_of_the_server() -> None:
    assert version_faults(ROOT, VERSION) == []
    assert [fault.partition(":")[0] for fault in version_faults(ROOT, "9.9.9")] == [
        "clients/python/pyproject.toml",
        "clients/typescript/package.json",
        "deploy/compose.yaml",
    ]
