"""Fixtures of the packaging tests: the distributions, built once for all test processes of a run."""

import fcntl
import os
from pathlib import Path

import pytest

from deploy.dist import BUNDLE, ROOT, Built, build
from tests.packaging.environment import make_environment


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all test processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def built(shared: Path) -> Built:
    """Wheel and sdist of the server."""
    if not (ROOT / BUNDLE).exists():
        pytest.skip("the page is not bundled: make page")
    return build_once(ROOT, shared / "server")


@pytest.fixture(scope="session")
def python_client(shared: Path) -> Built:
    """Wheel and sdist of the Python client."""
    return build_once(ROOT / "clients/python", shared / "client")


@pytest.fixture(scope="session")
def programs(built: Built, python_client: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a user: server, Python client, and pytest with its usual plugins."""
    others = ("pytest", "pytest-xdist", "pytest-asyncio", "pytest-tornasync")
    return make_environment(tmp_path_factory.mktemp("user"), [built.wheel, python_client.wheel], others)


def build_once(project: Path, target: Path) -> Built:
    """Build a project, unless another test process has done it."""
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            return build(project, target)
    return Built(*target.glob("*.tar.gz"), *target.glob("*.whl"))
