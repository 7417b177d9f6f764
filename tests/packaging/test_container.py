"""The container files: rules of hardened images, and the steps of the Dockerfile run without a container engine."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml  # type: ignore[import-untyped]

from deploy.dist import ROOT, Built, wait_for_port
from server import VERSION
from tests.packaging.environment import TIMEOUT_S, link_needed
from tests.server.test_doctor import free_port

PREFIX = "/opt/trading-pro"


class Step(NamedTuple):
    """An instruction of a Dockerfile."""

    name: str
    text: str


def steps() -> list[Step]:
    """Return the instructions, with continued lines joined."""
    text = (ROOT / "deploy/Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [Step(*line.strip().split(maxsplit=1)) for line in lines]


def stages() -> tuple[list[Step], list[Step]]:
    """Return the instructions of the build stage and of the image."""
    every = steps()
    second = [number for number, step in enumerate(every) if step.name == "FROM"][1]
    return every[:second], every[second:]


def variables() -> dict[str, str]:
    """Return the environment of the image."""
    return dict(part.split("=", 1) for step in stages()[1] if step.name == "ENV" for part in step.text.split())


def check_command() -> list[str]:
    """Return the command of the health check."""
    (text,) = (step.text for step in steps() if step.name == "HEALTHCHECK")
    command: list[str] = json.loads(text.partition("CMD ")[2])
    return command


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    return found


def test_the_dockerfile_keeps_the_rules_of_hadolint() -> None:
    every, image = steps(), stages()[1]
    names = [step.name for step in every]
    bases = [step.text.split()[0] for step in every if step.name == "FROM"]
    assert [base for base in bases if not re.search(r":\d+\.\d+-slim-", base)] == [], "a base has a version"
    assert {"ADD", "MAINTAINER", "ONBUILD", "CMD"}.isdisjoint(names)
    assert [step.text for step in every if step.name == "WORKDIR" and not step.text.startswith("/")] == []
    assert [
        step.text for step in every if step.name == "RUN" and re.search(r"sudo|apt|\bcd |curl|wget", step.text)
    ] == []
    assert [step.text for step in every if "pip install" in step.text and "--no-cache-dir" not in step.text] == []
    assert [step.text for step in image if step.name == "ENTRYPOINT"] == ['["trading-pro"]'], (
        "signals reach the program"
    )
    assert names.count("HEALTHCHECK") == 1


def test_the_image_runs_as_a_user_without_rights() -> None:
    users = [step.text for step in stages()[1] if step.name == "USER"]
    assert users[-1].isdecimal() and int(users[-1]) >= 1000
    after = [step.name for step in stages()[1]]
    assert "RUN" not in after[after.index("USER") :]
    assert [step.text for step in steps() if step.name == "VOLUME"] == [variables()["TRADING_DATA_DIR"]]


def test_the_build_gets_the_wheel_and_the_pins_only() -> None:
    copied = [step.text.split()[:-1] for step in stages()[0] if step.name == "COPY"]
    allowed = (ROOT / "deploy/Dockerfile.dockerignore").read_text().split()
    assert allowed == ["*", *(f"!{name}" for names in copied for name in names)]


def test_compose_is_hardened_and_keeps_data_in_a_volume(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert not service["image"].endswith("latest") and ":" in service["image"]
    server = compose["services"]["server"]
    assert server["image"] == f"trading-pro:{VERSION}"
    assert server["volumes"] == [f"data:{variables()['TRADING_DATA_DIR']}"]
    assert set(compose["volumes"]) == {"data"}
    assert compose["services"]["nginx"]["network_mode"] == "service:server", "nginx.conf names 127.0.0.1:8000"


@pytest.fixture
def image(built: Built, tmp_path: Path) -> Iterator[Path]:
    """A folder in the place of `/opt/trading-pro`, made by the steps of the build stage.

    pip gets its packages from the environment of the tests instead of the registry.
    """
    folder, prefix = tmp_path / "build", tmp_path / "opt"
    folder.mkdir()
    for step in stages()[0]:
        if step.name == "COPY":
            shutil.copy(ROOT / ".ci/constraints.txt", folder)
            shutil.copy(built.wheel, folder)
        elif step.name == "RUN":
            command = step.text.replace(PREFIX, str(prefix))
            environment = {"PATH": os.environ["PATH"], "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_COMPILE": "1"}
            subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=environment, check=True, timeout=TIMEOUT_S)
    link_needed(prefix)
    yield prefix


def test_the_steps_of_the_dockerfile_give_a_server_that_is_healthy(image: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    check = [str(image / "bin" / check_command()[0]), *check_command()[1:]]
    own = {"TRADING_DATA_DIR": str(tmp_path / "data"), "TRADING_HOST": "127.0.0.1", "TRADING_PORT": str(free_port())}
    environment = variables() | own
    environment["PATH"] = environment["PATH"].replace(PREFIX, str(image))
    command = [str(image / "bin/trading-pro"), "--port-file", str(tmp_path / "port")]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        assert wait_for_port(server, tmp_path / "port") == int(own["TRADING_PORT"])
        assert subprocess.run(check, env=environment, timeout=TIMEOUT_S, check=False).returncode == 0
        assert (tmp_path / "data/journal.db").exists()
    finally:
        server.terminate()
        server.wait(TIMEOUT_S)
    assert subprocess.run(check, env=environment, capture_output=True, timeout=TIMEOUT_S, check=False).returncode != 0


def test_the_image_refuses_to_serve_everybody_without_authentication(programs: Path, tmp_path: Path) -> None:
    environment = variables() | {"TRADING_DATA_DIR": str(tmp_path)}
    command = [str(programs / "python"), "-m", "trading_pro"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert ran.returncode == 2
    assert "--insecure allows it" in ran.stderr
