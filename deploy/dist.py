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
MAX_WHEEL_BYTES = 1_500_000
START_TIMEOUT_S = 30
NO_COMMIT_TIME = "1767225600"
"""2026-01-01, for a source tree that is not a checkout."""


class Built(NamedTuple):
    """The files of one distribution."""

    sdist: Path
    wheel: Path


def run(*command: str | Path, **environment: str) -> str:
    """Run a command; returns its standard output. Raises: SystemExit with its output when it fails."""
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
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
    backend = (sys.executable, "-m", "build", "--no-isolation", "--outdir")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(*backend, folder, "--sdist", project, SOURCE_DATE_EPOCH=epoch)
        (draft,) = folder.glob("*.tar.gz")
        sdist = pack_again(draft, target, int(epoch))
        shutil.unpack_archive(sdist, folder, filter="data")
        run(*backend, folder, "--wheel", folder / draft.name.removesuffix(".tar.gz"), SOURCE_DATE_EPOCH=epoch)
        (wheel,) = folder.glob("*.whl")
        return Built(sdist, Path(shutil.copy(wheel, target)))


def pack_again(draft: Path, target: Path, epoch: int) -> Path:
    """Write an sdist with sorted names, one time, and no owners; returns its path."""
    sdist = target / draft.name
    with (
        tarfile.open(draft) as source,
        sdist.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as copy,
    ):
        for entry in sorted(source.getmembers(), key=lambda entry: entry.name):
            mode = 0o755 if entry.isdir() else 0o644
            plain = entry.replace(mtime=epoch, mode=mode, uid=0, gid=0, uname="", gname="", deep=False)
            plain.pax_headers = {}
            copy.addfile(plain, source.extractfile(entry) if entry.isfile() else None)
    return sdist


def build_typescript(target: Path) -> Path:
    """Compile and pack the TypeScript client into the folder `target`; returns the path of the package."""
    target.mkdir(parents=True, exist_ok=True)
    source, compiler = ROOT / "clients/typescript", ROOT / "clients/node_modules/typescript/bin/tsc"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run("node", compiler, "-p", source, "--outDir", folder / "dist")
        for file in ("package.json", "README.md", "CHANGELOG.md", "LICENSE"):
            shutil.copy(source / file, folder)
        packed = run("npm", "pack", "--silent", "--pack-destination", target, folder)
    return target / packed.strip().splitlines()[-1]


def check(built: Built) -> None:
    """Check metadata, contents and size. Raises: SystemExit."""
    run(sys.executable, "-m", "twine", "check", "--strict", *built)
    run(sys.executable, "-m", "check_wheel_contents", built.wheel)
    if (size := built.wheel.stat().st_size) > MAX_WHEEL_BYTES:
        raise SystemExit(f"{built.wheel} has {size} bytes; at most {MAX_WHEEL_BYTES} are allowed")


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
    for one in (built, client):
        check(one)
    print(
        *built,
        *client,
        build_typescript(target),
        f"first quotes {try_out(built.wheel):.1f} s after the command",
        sep="\n",
    )


if __name__ == "__main__":
    main()
