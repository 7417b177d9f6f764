"""The container files: rules of hardened images, and the steps of the Dockerfile run without a container engine."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from deploy.dist import ROOT, wait_for_port
from server import VERSION
from tests.packaging.dockerfile import PREFIX, check_command, stages, steps, variables
from tests.packaging.environment import TIMEOUT_S
from tests.server.test_doctor import free_port


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


def test_the_steps_of_the_dockerfile_give_a_server_that_is_healthy(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    check = [str(installed / check_command()[0]), *check_command()[1:]]
    own = {"TRADING_DATA_DIR": str(tmp_path / "data"), "TRADING_HOST": "127.0.0.1", "TRADING_PORT": str(free_port())}
    environment = variables() | own
    environment["PATH"] = environment["PATH"].replace(PREFIX, str(installed.parent))
    command = [str(installed / "trading-pro"), "--port-file", str(tmp_path / "port")]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        assert wait_for_port(server, tmp_path / "port") == int(own["TRADING_PORT"])
        assert subprocess.run(check, env=environment, timeout=TIMEOUT_S, check=False).returncode == 0
        assert (tmp_path / "data/journal.db").exists()
    finally:
        server.terminate()
        server.wait(TIMEOUT_S)
    assert subprocess.run(check, env=environment, capture_output=True, timeout=TIMEOUT_S, check=False).returncode != 0


def test_the_image_refuses_to_serve_everybody_without_authentication(installed: Path, tmp_path: Path) -> None:
    environment = variables() | {"TRADING_DATA_DIR": str(tmp_path)}
    command = [str(installed / "python"), "-m", "trading_pro"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert ran.returncode == 2
    assert "--insecure allows it" in ran.stderr
