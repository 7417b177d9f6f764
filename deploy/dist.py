"""Builds the distributions of server and clients into dist/ and checks them; `make dist` calls it.

`build` makes an sdist and, from it, a wheel. The same commit gives the same bytes: times and owners of the files come
from the commit, not from the machine. `check` looks into the files, `try_out` installs the wheel into a new virtual
environment and asks the server for its page.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
BUNDLE = "static/dist/bundle.json"
CHART = "static/node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs"
TYPESCRIPT = ROOT / "clients/typescript"
MAX_WHEEL_BYTES = 1_500_000
START_TIMEOUT_S = 30
NO_COMMIT_TIME = "1767225600"
"""2026-01-01, for a source tree that is not a checkout."""


class Built(NamedTuple):
    """The files of one distribution."""

    sdist: Path
    wheel: Path


def run(*command: str | Path, folder: Path | None = None, **environment: str) -> str:
    """Run a command in a folder; returns its standard output. Raises: SystemExit with its output when it fails."""
    variables = os.environ | environment
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def commit_time(root: Path) -> str:
    """Return SOURCE_DATE_EPOCH: that of the environment, else the time of the last commit, in epoch seconds."""
    git = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False)
    return os.environ.get("SOURCE_DATE_EPOCH") or git.stdout.strip() or NO_COMMIT_TIME


def build(project: Path, target: Path) -> Built:
    """Build the sdist of a project, and the wheel from the sdist, into the folder `target`."""
    target.mkdir(parents=True, exist_ok=True)
    epoch = commit_time(project)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draft = build_one("sdist", project, folder, epoch)
        sdist = pack_again(draft, target, int(epoch))
        shutil.unpack_archive(sdist, folder, filter="data")
        wheel = build_one("wheel", folder / draft.name.removesuffix(".tar.gz"), folder, epoch)
        return Built(sdist, Path(shutil.copy(wheel, target)))


def build_one(kind: str, project: Path, target: Path, epoch: str) -> Path:
    """Build an "sdist" or a "wheel" with the build backend of the project in this environment; returns the file."""
    program = f"from setuptools import build_meta; build_meta.build_{kind}({str(target)!r})"
    run(sys.executable, "-P", "-c", program, folder=project, SOURCE_DATE_EPOCH=epoch)
    (file,) = target.glob("*.tar.gz" if kind == "sdist" else "*.whl")
    return file


def pack_again(draft: Path, target: Path, epoch: int) -> Path:
    """Write an sdist with sorted names, one time, and no owners; returns its path.

    The folder `*.egg-info` is left out: its list of files depends on what was built in the checkout before.
    """
    sdist = target / draft.name
    with (
        tarfile.open(draft) as source,
        sdist.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as copy,
    ):
        members = (entry for entry in source.getmembers() if ".egg-info" not in entry.name)
        for entry in sorted(members, key=lambda entry: entry.name):
            mode = 0o755 if entry.isdir() else 0o644
            plain = entry.replace(mtime=epoch, mode=mode, uid=0, gid=0, uname="", gname="", deep=False)
            plain.pax_headers = {}
            copy.addfile(plain, source.extractfile(entry) if entry.isfile() else None)
    return sdist


def compile_typescript(target: Path) -> None:
    """Compile the TypeScript client into a folder. Raises: SystemExit with the errors of the compiler."""
    run("node", ROOT / "clients/node_modules/typescript/bin/tsc", "-p", TYPESCRIPT, "--outDir", target)


def pack_typescript(compiled: Path, target: Path) -> Path:
    """Pack the compiled TypeScript client into the folder `target`; returns the path of the package."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(compiled / "src", folder / "dist/src")
        for file in ("package.json", "README.md", "CHANGELOG.md", "LICENSE"):
            shutil.copy(TYPESCRIPT / file, folder)
        packed = run("npm", "pack", "--silent", "--pack-destination", target, folder)
    return target / packed.strip().splitlines()[-1]


def check(*distributions: Built) -> None:
    """Check metadata, contents and size. Raises: SystemExit."""
    wheels = [built.wheel for built in distributions]
    run(sys.executable, "-m", "twine", "check", "--strict", *(file for built in distributions for file in built))
    run(sys.executable, "-m", "check_wheel_contents", *wheels)
    for wheel in wheels:
        if (size := wheel.stat().st_size) > MAX_WHEEL_BYTES:
            raise SystemExit(f"{wheel} has {size} bytes; at most {MAX_WHEEL_BYTES} are allowed")


def try_out(wheel: Path) -> float:
    """Install the wheel into a new environment, start the server there, and ask for page, chart and quotes.

    Returns:
        Seconds from the command until the first quotes.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "venv", folder / "venv")
        run(folder / "venv/bin/pip", "install", "-q", "-c", ROOT / ".ci/constraints.txt", wheel)
        began = time.monotonic()
        command = [str(folder / "venv/bin/trading-pro"), "--port", "0", "--port-file", "port", "--data-dir", "data"]
        server = subprocess.Popen(command, cwd=folder, env={"PATH": ""}, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{wait_for_port(server, folder / 'port')}"
            for path in ("/", "/vendor/lightweight-charts.mjs", "/udf/quotes?symbols=AAPL"):
                urllib.request.urlopen(address + path, timeout=START_TIMEOUT_S).close()
            return time.monotonic() - began
        finally:
            server.terminate()
            server.wait()


def wait_for_port(server: "subprocess.Popen[bytes]", file: Path) -> int:
    """Return the port of a server when it is ready. Raises: SystemExit when the server ends or is too slow."""
    until = time.monotonic() + START_TIMEOUT_S
    while not file.exists():
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit("the installed server does not start")
        time.sleep(0.02)
    return int(file.read_text())


def main() -> None:
    """Build and check everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", nargs="?", type=Path, default=ROOT / "dist", help="folder of the files (dist)")
    target = parser.parse_args().target
    if not (ROOT / CHART).exists():
        raise SystemExit("the chart library is missing: run 'npm ci' in static/ first")
    run("node", ROOT / "static/bundle.mjs")
    built, client = build(ROOT, target), build(ROOT / "clients/python", target)
    check(built, client)
    with tempfile.TemporaryDirectory() as compiled:
        compile_typescript(Path(compiled))
        package = pack_typescript(Path(compiled), target)
    print(*built, *client, package, f"first quotes {try_out(built.wheel):.1f} s after the command", sep="\n")


if __name__ == "__main__":
    main()
