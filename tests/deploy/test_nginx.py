"""The examples of deploy/ under the real nginx: page, REST and sockets on one port, one process or two behind it."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from tests.conftest import Connect
from tests.live import Inbox, Stream
from tests.nats_server import NatsServer, needs_nats
from tests.server.edge.fleet import Fleet
from tests.support import WAIT_S

ROOT = Path(__file__).parents[2]
NAME = "trade.example.com"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
LAYOUTS = {"nginx.conf": ["broker,datafeed"], "nginx-two-processes.conf": ["broker", "datafeed"]}
PORTS = {"nginx.conf": (8000,), "nginx-two-processes.conf": (8001, 8002), "nginx-edges.conf": (8000, 8001, 8002)}
"""Ports of the servers in each example."""

pytestmark = [
    pytest.mark.skipif(os.environ.get("NGINX_TESTS") == "skip", reason="NGINX_TESTS=skip"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed: .ci/nginx"),
]


class Site(NamedTuple):
    """nginx with its servers behind it."""

    port: int
    plain_port: int
    layout: str

    @property
    def host(self) -> str:
        return f"{NAME}:{self.port}"


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start_servers(modules: list[str]) -> tuple[list["subprocess.Popen[str]"], list[int]]:
    """Start one process per set of modules; returns them and their ports."""
    processes, ports = [], []
    for names in modules:
        command = [sys.executable, "run.py", "--port", "0", "--ephemeral", "--seed", "7", "--modules", names]
        command += ["--allow-host", NAME, "--trusted-proxy", "127.0.0.1"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        processes.append(process)
        assert process.stdout is not None
        ports.append(int(process.stdout.readline().rpartition(":")[2]))
    return processes, ports


def make_certificate(folder: Path) -> None:
    """Write a key and a self-signed certificate."""
    key, certificate = str(folder / "privkey.pem"), str(folder / "fullchain.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-nodes", "-days", "2"]
    command += ["-subj", f"/CN={NAME}", "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)


def write_site(folder: Path, layout: str, ports: list[int], backends: list[int]) -> Path:
    """Write the example with other ports, certificate and folders; returns the main configuration."""
    text = (ROOT / "deploy" / layout).read_text()
    for number, backend in zip(PORTS[layout], backends, strict=True):
        assert f"server 127.0.0.1:{number}" in text
        text = text.replace(f"server 127.0.0.1:{number}", f"server 127.0.0.1:{backend}")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{ports[0]} ").replace(
        "listen 80;", f"listen 127.0.0.1:{ports[1]};"
    )
    text = text.replace("/etc/ssl/trading-pro/", f"{folder}/")
    make_certificate(folder)
    (folder / "site.conf").write_text(text)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr warn;\n"
        f"events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n"
    )
    return main


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until nginx listens."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.fail(process.stderr.read().decode())
        with socket.socket() as probe:
            probe.settimeout(0.05)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
    pytest.fail("nginx did not listen")


@contextmanager
def running_nginx(folder: Path, layout: str, backends: list[int]) -> Iterator[Site]:
    """Run nginx with an example in front of servers."""
    ports = free_ports(2)
    main = write_site(folder, layout, ports, backends)
    assert NGINX is not None
    nginx = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(main), "-e", "stderr"], stderr=subprocess.PIPE)
    try:
        wait_for(ports[0], nginx)
        yield Site(ports[0], ports[1], layout)
    finally:
        nginx.terminate()
        nginx.communicate(timeout=WAIT_S)


@pytest.fixture(scope="module", params=LAYOUTS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    layout: str = request.param
    servers, backends = start_servers(LAYOUTS[layout])
    try:
        with running_nginx(tmp_path_factory.mktemp("nginx"), layout, backends) as running:
            yield running
    finally:
        for server in servers:
            server.terminate()
            server.communicate(timeout=WAIT_S)


async def ask(
    http: AsyncHTTPClient, site: Site, method: str, path: str, body: Any = None, **headers: str
) -> HTTPResponse:
    return await http.fetch(
        f"https://127.0.0.1:{site.port}{path}",
        method=method,
        body=None if body is None else json.dumps(body),
        headers={"Host": site.host, "Content-Type": "application/json"} | headers,
        validate_cert=False,
        raise_error=False,
        allow_nonstandard_methods=True,
    )


async def open_socket(connect: Connect, site: Site, path: str, **headers: str) -> Stream:
    inbox: Inbox = asyncio.Queue()
    url = f"wss://127.0.0.1:{site.port}{path}"
    request = HTTPRequest(url, headers={"Host": site.host} | headers, validate_cert=False)
    return Stream(await connect(request, on_message_callback=inbox.put_nowait), inbox)


async def test_rest_trades_through_the_proxy(site: Site, http_client: AsyncHTTPClient) -> None:
    order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10}
    origin = f"https://{site.host}"
    answer = await ask(http_client, site, "POST", "/api/v1/broker/orders", order, Origin=origin)
    assert answer.code == 200, answer.body
    positions = json.loads((await ask(http_client, site, "GET", "/api/v1/broker/positions")).body)
    quote = json.loads((await ask(http_client, site, "POST", "/api/v1/datafeed/quotes", {"symbols": ["AAPL"]})).body)
    assert positions[0]["avgPrice"] == pytest.approx(quote[0]["v"]["lp"], rel=0.01)


@pytest.mark.parametrize("module", ["broker", "datafeed"])
async def test_each_module_answers(module: str, site: Site, http_client: AsyncHTTPClient) -> None:
    health = await ask(http_client, site, "GET", f"/api/v1/{module}/health")
    assert (health.code, json.loads(health.body)["module_name"]) == (200, module)
    assert health.headers["X-Request-ID"]


async def test_page_is_served_over_tls_only(site: Site, http_client: AsyncHTTPClient) -> None:
    page = await ask(http_client, site, "GET", "/")
    assert (page.code, "text/html" in page.headers["Content-Type"]) == (200, True)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    plain = await http_client.fetch(
        f"http://127.0.0.1:{site.plain_port}/x?y=1", headers={"Host": NAME}, follow_redirects=False, raise_error=False
    )
    assert (plain.code, plain.headers["Location"]) == (301, f"https://{NAME}/x?y=1")


async def test_sockets_carry_the_updates_of_their_module(
    site: Site, connect: Connect, http_client: AsyncHTTPClient
) -> None:
    broker = await open_socket(connect, site, "/api/v1/broker/ws", Origin=f"https://{site.host}")
    await broker.subscribe("orders")
    market = await open_socket(connect, site, "/api/v1/datafeed/ws")
    await market.subscribe("quotes", {"symbols": [], "fast_symbols": ["AAPL"]})
    assert (await market.receive())["type"] == "quotes.update"
    await ask(http_client, site, "POST", "/api/v1/broker/orders", {"symbol": "AAPL", "type": 2, "side": 1, "qty": 1})
    assert (await broker.receive())["type"] == "orders.update"
    everything = await open_socket(connect, site, "/api/v1/ws")
    await everything.subscribe("orders")


async def test_the_servers_refusals_come_through(site: Site, connect: Connect, http_client: AsyncHTTPClient) -> None:
    foreign = {"Origin": "https://evil.example.com"}
    assert (await ask(http_client, site, "POST", "/api/v1/broker/orders", {}, **foreign)).code == 403
    assert (await ask(http_client, site, "GET", "/api/v1/broker/orders", Host="evil.example.com")).code == 421
    assert (await ask(http_client, site, "GET", "/metrics")).code == 404
    assert (await ask(http_client, site, "POST", "/api/v1/broker/orders", "x" * 70_000)).code == 413
    with pytest.raises(HTTPClientError) as refused:
        await open_socket(connect, site, "/api/v1/broker/ws", **foreign)
    assert refused.value.code == 403


class TestEdges:
    """A core and two edges behind one port."""

    pytestmark = needs_nats

    async def test_clients_trade_and_follow_through_any_edge(
        self, nats: NatsServer, connect: Connect, http_client: AsyncHTTPClient, tmp_path: Path
    ) -> None:
        fleet = Fleet(nats, tmp_path, 2, "--allow-host", NAME, "--trusted-proxy", "127.0.0.1")
        try:
            backends = [int(address.rpartition(":")[2]) for address in fleet.addresses]
            with running_nginx(tmp_path, "nginx-edges.conf", backends) as site:
                clients = [await open_socket(connect, site, "/api/v1/ws") for _ in range(2)]
                for client in clients:
                    await client.subscribe("orders")
                order = {"symbol": "AAPL", "type": 2, "side": 1, "qty": 10}
                answer = await ask(
                    http_client, site, "POST", "/api/v1/broker/orders", order, Origin=f"https://{site.host}"
                )
                assert answer.code == 200, answer.body
                assert len({(await client.receive())["payload"]["seq"] for client in clients}) == 1
                page = await ask(http_client, site, "GET", "/")
                assert "text/html" in page.headers["Content-Type"]
                fleet.edges[0].kill()
                for _ in range(4):
                    assert (await ask(http_client, site, "GET", "/api/v1/broker/orders")).code == 200
        finally:
            fleet.kill()
