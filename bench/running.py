"""Runs a server and its load, each in its own process on its own core, and collects what they print."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TIMEOUT_S = 180.0
Result = dict[str, float]


def cores() -> tuple[int, int]:
    """Return a core for the server and one for the load; -1 where there is nothing to choose."""
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[-1]) if len(usable) > 1 else (-1, -1)


def start(command: Sequence[str]) -> subprocess.Popen[str]:
    """Start a program of ours, or of Node, with its input and output at hand."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NODE_PATH": str(ROOT / "bench/node_modules")}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def python(module: str, *arguments: object) -> list[str]:
    """Return the command line of one of our modules."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the next line that a program prints. Raises: RuntimeError when it ended instead."""
    assert process.stdout is not None
    text = process.stdout.readline()
    if not text:
        raise RuntimeError(f"{process.args} ended with {process.wait()}")
    found: dict[str, Any] = json.loads(text)
    return found


def stop(processes: Iterable[subprocess.Popen[str]]) -> None:
    """End what is still running."""
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def median(values: Iterable[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def machine() -> str:
    """Return the load of the machine, to judge the figures by."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    widths = [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]
    print(f"\n{title}")
    for row in (columns, *rows):
        print("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
