"""Metrics as a monitor reads them."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tornado.httpclient import AsyncHTTPClient

from server.monitoring.metrics import BOUNDS_S, ServerMetrics
from tests.conftest import OpenStream, StartLive
from tests.guarded import ORDER, guarded
from tests.live import Live
from tests.tokens import ALICE, bearer, token


async def scrape(server: Live, http: AsyncHTTPClient) -> dict[tuple[str, ...], float]:
    """Values by name and labels, as Prometheus' own parser reads them."""
    answer = await http.fetch(f"http://{server.address}/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.body.decode())
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in families
        for sample in family.samples
    }


async def test_requests_are_counted_by_handler_method_and_status(live: StartLive, http_client: AsyncHTTPClient) -> None:
    server = await live()
    await server.call("POST", "/broker/orders", ORDER)
    await server.fetch("POST", "/broker/orders", {})
    await server.fetch("GET", "/broker/orders/ORDER-1")
    await server.fetch("GET", "/broker/orders/ORDER-77")
    values = await scrape(server, http_client)
    counted = {key[1:]: value for key, value in values.items() if key[0] == "trading_http_requests_total"}
    assert counted == {
        ("OrdersHandler", "POST", "200"): 1,
        ("OrdersHandler", "POST", "422"): 1,
        ("OrderHandler", "GET", "200"): 1,
        ("OrderHandler", "GET", "404"): 1,
    }
    assert values["trading_http_request_seconds_count", "OrdersHandler"] == 2
    assert values["trading_http_request_seconds_bucket", "OrdersHandler", "+Inf"] == 2


async def test_stream_ticks_journal_ledger_and_process_are_there(
    live: StartLive, stream: OpenStream, http_client: AsyncHTTPClient
) -> None:
    server = await live()
    client = await stream(server)
    await client.subscribe("orders")
    await server.place()
    values = await scrape(server, http_client)
    journal = server.server.services.journal
    assert values[("trading_stream_subscriptions",)] == values[("trading_stream_topics",)] == 1
    assert values[("trading_journal_events",)] == journal.count > 0
    assert values[("trading_ledger_checks_total",)] > 0
    assert values[("trading_ledger_violations_total",)] == 0
    assert ("trading_ticks_total",) in values
    assert values[("process_resident_memory_bytes",)] > 1e6


async def test_a_flood_of_unknown_names_makes_no_new_series(live: StartLive, http_client: AsyncHTTPClient) -> None:
    server = await live()
    for number in range(50):
        method = ("PROPFIND", "SEARCH", "LOCK", "MKCOL", "TRACE")[number % 5]
        await server.fetch(method, f"/nothing/{number}")
    values = await scrape(server, http_client)
    counted = {key[1:]: value for key, value in values.items() if key[0] == "trading_http_requests_total"}
    assert sum(counted.values()) == 50
    assert len(counted) == 1


async def test_with_authentication_metrics_are_for_admins(
    live: StartLive, http_client: AsyncHTTPClient, tmp_path: Path
) -> None:
    server = await guarded(live, tmp_path)
    codes = []
    for headers in ({}, bearer(token(ALICE)), bearer(token(ALICE, scope="admin"))):
        answer = await http_client.fetch(f"http://{server.address}/metrics", headers=headers, raise_error=False)
        codes.append(answer.code)
    assert codes == [401, 403, 200]


@pytest.mark.parametrize("took_s", [0.0, BOUNDS_S[0], 0.3, 99.0])
def test_a_request_is_in_every_bucket_at_or_above_its_time(took_s: float) -> None:
    metrics = ServerMetrics(lambda: [])
    metrics.count("H", "GET", 200, took_s)
    families = text_string_to_metric_families(metrics.render().decode())
    (family,) = [one for one in families if one.name == "trading_http_request_seconds"]
    buckets = {s.labels["le"]: s.value for s in family.samples if s.name.endswith("_bucket")}
    assert buckets == {str(bound): float(took_s <= bound) for bound in BOUNDS_S} | {"+Inf": 1.0}
