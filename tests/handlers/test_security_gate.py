"""The gate: Host x Origin, content types, rates, CORS, headers, and the files of the page."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from server import world
from tests.conftest import Connect, StartLive
from tests.guarded import ORDER, RESTING, guarded
from tests.live import Live
from tests.support import WAIT_S
from tests.tokens import ALICE, BOB, bearer, token

LISTED = "https://app.example.com"
SETTINGS: dict[str, Any] = {"allow_host": ("trade.example.com",), "allow_origin": (LISTED,)}

HOSTS = {
    "localhost": True,
    "localhost:5173": True,
    "127.0.0.1:8000": True,
    "[::1]:8000": True,
    "LOCALHOST": True,
    "trade.example.com": True,
    "trade.example.com:8443": True,
    "evil.example.com": False,
    "trade.example.com.evil.com": False,
    "localhost.evil.com": False,
    "127.0.0.1.evil.com": False,
    "127.0.0.1:80@evil.com": False,
    "localhost:99999": False,
    "10.0.0.1": False,
    "": False,
}
ORIGINS = {
    None: True,
    "http://localhost:5173": True,
    "http://127.0.0.1:3000": True,
    "https://[::1]": True,
    LISTED: True,
    "null": False,
    "": False,
    "https://evil.example.com": False,
    "http://app.example.com": False,
    "https://app.example.com:444": False,
    "https://app.example.com.evil.com": False,
    "http://localhost.evil.com": False,
    "file://": False,
    "http://": False,
    "chrome-extension://localhost": False,
    "https://evil.example.com, https://app.example.com": False,
}
METHODS = ["GET", "POST", "PUT", "DELETE", "upgrade"]


def headers_of(host: str, origin: str | None) -> dict[str, str]:
    return {"Host": host} | ({} if origin is None else {"Origin": origin})


async def ask(server: Live, connect: Connect, method: str, headers: dict[str, str]) -> int:
    """Ask for something with this method; returns the status."""
    if method == "upgrade":
        try:
            await connect(HTTPRequest(f"ws://{server.address}/api/v1/ws", headers=headers))
        except HTTPClientError as error:
            return error.code
        return 101
    path, body = {
        "GET": ("/broker/orders", None),
        "POST": ("/broker/orders", RESTING),
        "PUT": ("/broker/orders/NONE", RESTING),
        "DELETE": ("/broker/orders/NONE", None),
    }[method]
    return (await server.fetch(method, path, body, headers=headers)).code


@pytest.mark.parametrize("method", METHODS)
async def test_host_and_origin_are_both_looked_at(method: str, live: StartLive, connect: Connect) -> None:
    """Every Host x every Origin: 421 (or 400 for a malformed Host), 403 or through."""
    server = await live(**SETTINGS)
    fine = {"GET": 200, "POST": 200, "PUT": 404, "DELETE": 404, "upgrade": 101}[method]
    for host, is_host in HOSTS.items():
        is_loopback = host.lower().partition(":")[0] in ("localhost", "127.0.0.1") or host.startswith("[::1]")
        for origin, is_origin in ORIGINS.items():
            is_local_page = origin is not None and origin != LISTED and is_origin
            lets_in = is_origin and (is_loopback or not is_local_page)
            wrong = 400 if "@" in host else 421
            expected = wrong if not is_host else fine if method == "GET" or lets_in else 403
            got = await ask(server, connect, method, headers_of(host, origin))
            assert got == expected, (host, origin)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("host", ["trade.example.com", "trade.example.com:8443"])
async def test_a_page_of_the_servers_own_is_let_in(method: str, host: str, live: StartLive, connect: Connect) -> None:
    server = await live(**SETTINGS)
    for scheme in ("http", "https"):
        assert await ask(server, connect, method, headers_of(host, f"{scheme}://{host}")) in (101, 200, 404)


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/metrics", "/api/v1/health", "/api/nothing", "/vendor/lightweight-charts.mjs"]
)
async def test_no_address_answers_to_a_wrong_host(path: str, live: StartLive, http_client: AsyncHTTPClient) -> None:
    server = await live()
    answer = await http_client.fetch(
        f"http://{server.address}{path}", headers={"Host": "rebound.example.com"}, raise_error=False
    )
    assert answer.code == 421
    assert json.loads(answer.body)["code"] == "WRONG_HOST"


@pytest.mark.parametrize(
    ("method", "path", "content_type", "body", "status"),
    [
        ("POST", "/broker/orders", "application/json; charset=utf-8", b"ORDER", 200),
        ("POST", "/broker/orders", "APPLICATION/JSON", b"ORDER", 200),
        ("POST", "/broker/orders", "text/plain", b"ORDER", 415),
        ("POST", "/broker/orders", "application/x-www-form-urlencoded", b"ORDER", 415),
        ("POST", "/broker/orders", "multipart/form-data; boundary=x", b"ORDER", 415),
        ("POST", "/broker/orders", "", b"ORDER", 415),
        ("DELETE", "/broker/orders/ORDER-9", "", None, 404),
        ("DELETE", "/broker/orders/ORDER-9", "text/plain", b"x", 415),
        ("DELETE", "/broker/orders", "", None, 200),
        ("POST", "/broker/orders", "application/json", b"x" * (64 * 1024 + 1), 413),
        ("POST", "/broker/orders", "application/json", b" " * (64 * 1024), 422),
    ],
)
async def test_a_body_is_json_of_bounded_size(
    method: str, path: str, content_type: str, body: bytes | None, status: int, live: StartLive
) -> None:
    data = json.dumps(ORDER).encode() if body == b"ORDER" else body
    answer = await (await live()).fetch(method, path, data, headers={"Content-Type": content_type})
    assert answer.code == status, answer.body


async def test_an_answer_carries_the_security_headers_and_its_id(live: StartLive) -> None:
    server = await live()
    for path in ("/health", "/broker/orders", "/broker/nothing", "/broker/orders/NONE"):
        answer = await server.fetch("GET", path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert len(answer.headers["X-Request-ID"]) > 8


@pytest.mark.parametrize(
    ("given", "is_kept"), [("abc-1.2_3", True), ("x" * 65, False), ("a b", False), ("a\u00e9", False)]
)
async def test_a_request_keeps_a_plain_id(given: str, is_kept: bool, live: StartLive) -> None:
    answer = await (await live()).fetch("GET", "/health", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) == is_kept


async def test_two_requests_have_two_ids(live: StartLive) -> None:
    server = await live()
    ids = {(await server.fetch("GET", "/health")).headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


def allowed(answer: HTTPResponse) -> str | None:
    value: str | None = answer.headers.get("Access-Control-Allow-Origin")
    return value


@pytest.mark.parametrize(
    ("origin", "is_listed"), [(LISTED, True), ("http://localhost:5173", False), ("https://evil.com", False)]
)
async def test_only_listed_origins_may_read_answers(origin: str, is_listed: bool, live: StartLive) -> None:
    server = await live(**SETTINGS)
    for path in ("/health", "/broker/nothing", "/broker/orders/NONE"):
        answer = await server.fetch("GET", path, headers={"Origin": origin})
        assert allowed(answer) == (origin if is_listed else None)
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    preflight = await server.fetch(
        "OPTIONS", "/broker/orders", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    assert (preflight.code, allowed(preflight)) == ((204, origin) if is_listed else (405, None))


async def test_a_preflight_needs_no_token_but_its_request_does(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path, **SETTINGS)
    asked = {"Origin": LISTED, "Access-Control-Request-Method": "GET"}
    assert (await server.fetch("OPTIONS", "/broker/orders", headers=asked)).code == 204
    refused = await server.fetch("GET", "/broker/orders", headers={"Origin": LISTED})
    assert (refused.code, allowed(refused)) == (401, LISTED)


async def burst(server: Live, count: int, **headers: str) -> list[HTTPResponse]:
    return [await server.fetch("DELETE", "/broker/orders/NONE", headers=headers) for _ in range(count)]


async def test_commands_are_limited_per_address_and_time_gives_them_back(live: StartLive) -> None:
    server = await live(order_rate=5, order_burst=10)
    answers = await burst(server, 12)
    assert [answer.code for answer in answers] == [404] * 10 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "1"
    assert json.loads(answers[-1].body)["code"] == "RATE_LIMIT"
    assert (await server.fetch("GET", "/broker/orders")).code == 200
    assert (await server.fetch("POST", "/datafeed/quotes", {"symbols": ["AAPL"]})).code == 200
    server.clock.advance(1000)
    assert [answer.code for answer in await burst(server, 6)] == [404] * 5 + [429]


async def test_one_subject_does_not_use_up_anothers_rate(live: StartLive, tmp_path: Path) -> None:
    server = await guarded(live, tmp_path, order_rate=1, order_burst=10, trusted_proxy=("127.0.0.1",))
    codes = {}
    for name, address in ((ALICE, "192.0.2.1"), (ALICE, "192.0.2.2"), (BOB, "192.0.2.3")):
        headers = bearer(token(name)) | {"X-Real-IP": address}
        codes[name, address] = [answer.code for answer in await burst(server, 8, **headers)]
    assert codes[ALICE, "192.0.2.1"] == [404] * 8
    assert codes[ALICE, "192.0.2.2"] == [429] * 8
    assert codes[BOB, "192.0.2.3"] == [404] * 8


async def test_a_strangers_word_about_its_address_is_not_taken(live: StartLive) -> None:
    server = await live(order_rate=1, order_burst=2)
    codes = [(await burst(server, 1, **{"X-Real-IP": f"192.0.2.{n}"}))[0].code for n in range(3)]
    assert codes == [404, 404, 429]


async def test_the_demo_has_no_rate_limit(live: StartLive) -> None:
    assert {answer.code for answer in await burst(await live(), 120)} == {404}


async def test_a_stopping_server_takes_no_commands(live: StartLive) -> None:
    server = await live()
    server.server.services.admission.is_closing = True
    assert (await server.fetch("POST", "/broker/orders", ORDER)).code == 503
    health = await server.fetch("GET", "/health")
    assert (health.code, json.loads(health.body)["status"]) == (503, "degraded")
    assert (await server.fetch("GET", "/broker/orders")).code == 200


TRAVERSALS = [
    "/../run.py",
    "/%2e%2e/run.py",
    "/%2e%2e%2frun.py",
    "/..%2frun.py",
    "/..%5crun.py",
    "/%5c..%5crun.py",
    "/%252e%252e/run.py",
    "/%252e%252e%252frun.py",
    "/js/../../run.py",
    "/js/%2e%2e/%2e%2e/run.py",
    "//etc/passwd",
    "//etc/passwd.html",
    "/%2fetc%2fpasswd",
    "/file:///etc/passwd",
    "/c:%5cwindows%5cwin.ini",
    "/run.py%00.html",
    "/%00",
    "/index.html%00",
    "/index.html%0a",
    "/index.html/",
    "/index.html/..",
    "/.git/config",
    "/.npmrc",
    "/.hidden.html",
    "/%2enpmrc",
    "/package.json",
    "/package-lock.json",
    "/node_modules/lightweight-charts/package.json",
    "/node_modules/installed.stamp",
    "/link.html",
    "/linked/secret.html",
    "/~root",
    "/%ff%fe",
    "/%c0%ae%c0%ae/run.py",
    "/" + "a" * 5000,
    "/" + "../" * 500 + "etc/passwd",
    "/..;/run.py",
    "/js",
    "/js//",
    "/vendor/lightweight-charts.mjs/../../package.json",
    "/vendor/..%2fpackage.json",
]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page's folder with a secret beside it, and links that lead there."""
    static, outside = tmp_path / "static", tmp_path / "outside"
    for folder in (static / "js", static / ".git", outside):
        folder.mkdir(parents=True)
    (static / "index.html").write_text("the page")
    (static / "js" / "app.js").write_text("export {}")
    for hidden in (static / ".git" / "config", static / ".hidden.html", static / ".npmrc", static / "package.json"):
        hidden.write_text("SECRET")
    for secret in (outside / "secret.html", tmp_path / "run.py"):
        secret.write_text("SECRET")
    (static / "link.html").symlink_to(outside / "secret.html")
    (static / "linked").symlink_to(outside)
    monkeypatch.setattr(world, "STATIC", static)
    return static


async def test_the_page_and_its_modules_are_served(page: Path, live: StartLive, http_client: AsyncHTTPClient) -> None:
    server = await live()
    for path, text in (("/", b"the page"), ("/index.html", b"the page"), ("/js/app.js", b"export {}")):
        answer = await http_client.fetch(f"http://{server.address}{path}")
        assert answer.body == text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", TRAVERSALS)
async def test_no_path_leads_out_of_the_page(path: str, page: Path, live: StartLive) -> None:
    """Sent byte by byte: a polite client would tidy the path up first."""
    server = await live()
    host, port = server.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1"))
    answer = await asyncio.wait_for(reader.read(), WAIT_S)
    writer.close()
    status = int(answer.split(b" ", 2)[1])
    assert 300 <= status < 500, answer
    assert b"SECRET" not in answer and b"root:" not in answer
    location = [line for line in answer.split(b"\r\n") if line.lower().startswith(b"location:")]
    assert not any(b"//" in line for line in location)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_the_page_is_only_read(method: str, page: Path, live: StartLive, http_client: AsyncHTTPClient) -> None:
    server = await live()
    answer = await http_client.fetch(
        f"http://{server.address}/index.html", method=method, raise_error=False, allow_nonstandard_methods=True
    )
    assert (answer.code, answer.headers["Allow"]) == (405, "GET, HEAD")
