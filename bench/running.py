"""Runs a server and its load, in two processes on two cores, and reads the lines that they print."""

import json
import os
import resource
import shutil
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
    """Return the core of the server and the core of the load; -1 on a machine with one core."""
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[-1]) if len(usable) > 1 else (-1, -1)


def start(command: Sequence[str], root: Path = ROOT) -> subprocess.Popen[str]:
    """Start a program with pipes to its standard input and output.

    Args:
        command: The command line.
        root: Checkout whose modules it imports.
    """
    environment = os.environ | {"PYTHONPATH": str(root), "NODE_PATH": str(ROOT / "bench/node_modules")}
    return subprocess.Popen(
        command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def python(module: str, *arguments: object) -> list[str]:
    """Return the command line of a Python module."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the next line of a program, decoded. Raises: RuntimeError when the program has ended."""
    assert process.stdout is not None
    text = process.stdout.readline()
    if not text:
        raise RuntimeError(f"{process.args!r} ended with {process.wait()}")
    found: dict[str, Any] = json.loads(text)
    return found


def stop(processes: Iterable[subprocess.Popen[str]]) -> None:
    """Kill the processes that still run, and close their pipes."""
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def pin(core: int) -> list[str]:
    """Return the prefix of a command line that runs a program on one core."""
    return ["taskset", "-c", str(core)] if core >= 0 and shutil.which("taskset") else []


def allow_many_sockets() -> None:
    """Raise the limit of open files of this process and its children to the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def median(values: Iterable[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def machine() -> str:
    """Return cores and load of the machine; figures of a busy machine are not reliable."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    widths = [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]
    print(f"\n{title}")
    for row in (columns, *rows):
        print("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
