"""The clients as packages: complete, installed into a project of a user, and used against the installed server."""

import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

from deploy.dist import Built, pack_typescript
from tests.packaging.environment import TIMEOUT_S

FRONT_END = """
import { createApi, Refused, OrderType, Side } from "@trading-pro/client";
import { startServer } from "@trading-pro/client/testing";

const command = process.argv.slice(2);
const order = { symbol: "AAPL", type: OrderType.MARKET, side: Side.BUY, qty: 10 };
const server = await startServer({ command, args: ["--seed", "7"] });
const api = createApi({ address: server.url });
console.log((await api.placeOrder({ body: order })).orderId);
const refused = await api.getOrder({ path: { orderId: "ORDER-99" } }).catch((error) => error);
console.log(refused instanceof Refused, refused.code);
await server.stop();
console.log((await startServer({ command, args: ["--tick-ms", "1"] }).catch((error) => error)).message);
"""


def test_the_python_client_has_types_readme_and_changelog(python_client: Built) -> None:
    with zipfile.ZipFile(python_client.wheel) as archive:
        assert "trading_pro_client/py.typed" in archive.namelist()
        assert {name.split("/")[0].partition("-")[0] for name in archive.namelist()} == {"trading_pro_client"}
    with tarfile.open(python_client.sdist) as archive:
        assert {"README.md", "CHANGELOG.md", "LICENSE"} <= {Path(name).name for name in archive.getnames()}


def test_the_typescript_client_works_in_a_project_of_its_own(
    typescript_client: Path, programs: Path, tmp_path: Path
) -> None:
    package = pack_typescript(typescript_client, tmp_path)
    with tarfile.open(package) as archive:
        names = {name.removeprefix("package/") for name in archive.getnames()}
    assert {"README.md", "CHANGELOG.md", "LICENSE", "dist/src/index.d.ts", "dist/src/testing.js"} <= names
    assert not any(name.startswith("dist/examples") for name in names)
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}')
    install = ["npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", package.name]
    subprocess.run(install, cwd=tmp_path, check=True, timeout=TIMEOUT_S)
    (tmp_path / "test.js").write_text(FRONT_END)
    command = ["node", "test.js", str(programs / "python"), "-m", "trading_pro"]
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[:2] == ["ORDER-1", "true UNKNOWN_ORDER"]
    assert "did not start: it ended with status 2" in lines[2]
    assert lines[3].startswith("trading-pro: --tick-ms takes")
