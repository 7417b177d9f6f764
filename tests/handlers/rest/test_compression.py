"""Long answers of the market: compressed where the client accepts it."""

import gzip

from tornado.httpclient import AsyncHTTPClient

from tests.conftest import StartLive

BARS = "/api/v1/datafeed/bars?symbol=AAPL&resolution=1&from_time=0&to_time=1800000000&count_back=100"


async def test_long_answers_are_compressed_for_clients_that_accept_it(
    live: StartLive, http_client: AsyncHTTPClient
) -> None:
    url = f"http://{(await live()).address}{BARS}"
    plain = await http_client.fetch(url, decompress_response=False)
    packed = await http_client.fetch(url, headers={"Accept-Encoding": "gzip"}, decompress_response=False)
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert [one.headers.get("Content-Encoding") for one in (plain, packed)] == [None, "gzip"]
