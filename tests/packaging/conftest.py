"""Fixtures of the packaging tests: distributions and environments, made once for all test processes of a run."""

from pathlib import Path

import pytest

from deploy.dist import BUNDLE, ROOT, Built, build
from tests.packaging.dockerfile import run_build_stage
from tests.packaging.environment import user_environment
from tests.shared import make_once, shared_folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all test processes of this run share."""
    return shared_folder(tmp_path_factory)


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
def installed(built: Built, shared: Path) -> Path:
    """The programs of an environment that has the server only, made by the steps of the Dockerfile."""
    return make_once(shared / "image", lambda folder: run_build_stage(built.wheel, folder)) / "bin"


@pytest.fixture(scope="session")
def programs(built: Built, python_client: Built, shared: Path) -> Path:
    """The programs of a user: server, Python client, and pytest with its usual plugins."""
    wheels = [built.wheel, python_client.wheel]
    return make_once(shared / "user", lambda folder: user_environment(folder, wheels)) / "bin"


def build_once(project: Path, target: Path) -> Built:
    """Build a project, unless another test process has done it."""
    make_once(target, lambda folder: build(project, folder))
    return Built(*target.glob("*.tar.gz"), *target.glob("*.whl"))
