"""Generated requests against a running program: no answer leaves the contract. `schemathesis.toml` has the bounds."""

import subprocess
import sys
from pathlib import Path

from tests.server.program import ServerProcess

TIMEOUT_S = 600
"""Longest wait for the tool; it only ends a test that hangs."""


def test_schemathesis_finds_nothing(program: ServerProcess, tmp_path: Path) -> None:
    """Bounded: the examples, the edges of every schema, and one random case for each operation, always the same."""
    config = Path(__file__).parent / "schemathesis.toml"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [
        f"{program.address}/api/v1/openapi.json",
        "--max-examples",
        "1",
        "--generation-deterministic",
        "--no-color",
    ]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
