"""The wheel: complete, small, the same at every build, and enough on a machine that has only Python."""

import json
import re
import subprocess
import urllib.request
import zipfile
from pathlib import Path

from deploy.dist import CHART, ROOT, Built, build, check
from handlers.page_bundle import bundled_pages
from tests.packaging.environment import TIMEOUT_S, clean_variables
from tests.packaging.server import InstalledServer
from tests.test_house import files

FOLDERS = ("engine", "handlers", "server")
PAGE_SUFFIXES = {".html", ".js", ".css", ".svg"}


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_program_is_complete_and_unchanged(built: Built) -> None:
    program = [file for file in files() if file.parts[0] in FOLDERS or file.suffix in PAGE_SUFFIXES]
    program = [file for file in program if file.parts[0] in (*FOLDERS, "static") and file.name != "jsconfig.json"]
    assert len(program) > 200
    with zipfile.ZipFile(built.wheel) as archive:
        inside = set(archive.namelist())
        assert [str(file) for file in program if f"trading_pro/program/{file}" not in inside] == []
        for file in program:
            assert archive.read(f"trading_pro/program/{file}") == (ROOT / file).read_bytes(), file


def test_the_chart_comes_with_its_licence_and_notice(built: Built) -> None:
    folder = Path(CHART).parents[1]
    wanted = (CHART, f"{folder}/LICENSE", "static/NOTICE")
    assert {f"trading_pro/program/{file}" for file in wanted} <= names(built.wheel)
    assert [name for name in names(built.wheel) if "node_modules" in name and str(folder) not in name] == []


def test_the_bundle_of_the_page_is_that_of_its_source(built: Built, tmp_path: Path) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if "/static/" in name])
    static = tmp_path / "trading_pro/program/static"
    assert bundled_pages(static)[""] == "dist/index.html"
    named = re.findall(r'"(dist/[^"]+)"', (static / "dist/index.html").read_text())
    assert len(named) == 4
    assert [name for name in named if not (static / name).exists()] == []


def test_no_generic_name_lands_in_site_packages(built: Built) -> None:
    tops = {name.split("/")[0] for name in names(built.wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"trading_pro"}


def test_the_same_commit_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    again = build(ROOT, tmp_path)
    assert again.wheel.read_bytes() == built.wheel.read_bytes()
    assert again.sdist.read_bytes() == built.sdist.read_bytes()


def test_metadata_contents_and_size_are_in_order(built: Built, python_client: Built) -> None:
    check(built, python_client)


def test_page_chart_and_a_trade_without_node_and_checkout(installed: Path, tmp_path: Path) -> None:
    """The folder of the user has a package `engine`, which is not imported by the server."""
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine/__init__.py").write_text("raise SystemExit('the engine of the user was imported')\n")
    with InstalledServer(installed, tmp_path) as server:
        assert "data in " + str(tmp_path / ".local/share/trading-pro") in server.greeting
        assert b"<title>" in server.get("/")
        assert json.loads(server.get("/command.json")) == {"command": "trading-pro"}
        assert server.get("/vendor/lightweight-charts.mjs") == (ROOT / CHART).read_bytes()
        order = json.dumps({"symbol": "AAPL", "type": 2, "side": 1, "qty": 10}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{server.address}/api/v1/broker/orders", order, headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            assert json.load(answer) == {"orderId": "ORDER-1"}
    assert (tmp_path / ".local/share/trading-pro/journal.db").exists()
    verify = subprocess.run(
        [installed / "python", "-m", "trading_pro", "verify"],
        env=clean_variables(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (verify.returncode, verify.stderr) == (0, "")


def test_messages_name_the_installed_command(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "trading-pro"), "--port", "x"]
    ran = subprocess.run(
        command, env=clean_variables(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("trading-pro: --port")


def test_installed_program_runs_a_bot(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "trading-pro"), "run", "--", str(installed / "python"), "-c", "print('bot')"]
    ran = subprocess.run(
        command,
        env=clean_variables(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "bot\n0 trades, profit +0.00, equity 100000.00 USD\n")


def test_a_package_of_the_user_is_not_hidden_by_the_wheel(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text("print('the engine of the user')\n")
    command = [str(installed / "python"), "-c", "import trading_pro, engine"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout == "the engine of the user\n"
