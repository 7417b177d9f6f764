"""The Dockerfile as data, and its build stage run without a container engine."""

import json
import os
import shutil
import subprocess
import venv
from pathlib import Path
from typing import NamedTuple

from deploy.dist import ROOT
from tests.packaging.environment import TIMEOUT_S, link, requirements, site_of

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


def run_build_stage(wheel: Path, prefix: Path) -> None:
    """Run the steps of the build stage with `prefix` in the place of `/opt/trading-pro`.

    pip installs the wheel only. The dependencies, and pip itself, are links to the packages of this environment.
    """
    venv.create(prefix, with_pip=False)
    link(["pip", "setuptools"], site_of(prefix))
    folder = prefix.with_name(f"{prefix.name}-build")
    folder.mkdir()
    for step in stages()[0]:
        if step.name == "COPY":
            shutil.copy(ROOT / ".ci/constraints.txt", folder)
            shutil.copy(wheel, folder)
        elif step.name == "RUN":
            command = step.text.replace(PREFIX, str(prefix))
            environment = {"PATH": os.environ["PATH"], "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_COMPILE": "1"}
            subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=environment, check=True, timeout=TIMEOUT_S)
    link(requirements(wheel), site_of(prefix))
