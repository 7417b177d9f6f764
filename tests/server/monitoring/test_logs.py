"""Logs: what stands in a line, what never does, and that a stuck reader holds nobody up."""

import contextlib
import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.monitoring.logs import JsonFormatter, TextFormatter, Writer
from tests.conftest import StartLive
from tests.guarded import ORDER, RESTING, guarded
from tests.tokens import ALICE, bearer, token


def record(template: str, *values: Any, exc_info: Any = None) -> logging.LogRecord:
    return logging.LogRecord("trading.x", logging.INFO, __file__, 1, template, values, exc_info)


def test_a_line_of_text_has_time_level_logger_and_message() -> None:
    line = TextFormatter().format(record("order filled account=%s qty=%d", "A", 3))
    stamp, rest = line.split(" ", 1)
    assert stamp.endswith("+00:00")
    assert rest == "INFO trading.x order filled account=A qty=3"


@pytest.mark.parametrize("value", ["a\nb", "a\r\nFAKE", "\x1b[31m", "\u2028", "\x00", "\x85"])
def test_a_value_cannot_start_a_line_of_its_own(value: str) -> None:
    for formatter in (TextFormatter(), JsonFormatter()):
        line = formatter.format(record("account=%s", value))
        assert line.isprintable()
        assert len(line.splitlines()) == 1


def test_json_has_every_key_of_the_message_with_its_type() -> None:
    entry = json.loads(JsonFormatter().format(record("order filled account=%s qty=%d ms=%.1f", "A", 3, 0.25)))
    assert (entry["message"], entry["account"], entry["qty"], entry["ms"]) == ("order filled", "A", 3, 0.25)
    assert (entry["level"], entry["logger"]) == ("INFO", "trading.x")


def test_json_of_another_librarys_message_is_the_message() -> None:
    entry = json.loads(JsonFormatter().format(record("could not open %s: %s", "x", OSError("no"))))
    assert entry["message"] == "could not open x: no"


def test_a_traceback_is_kept() -> None:
    try:
        raise ValueError("deep")
    except ValueError:
        failed = record("tick failed", exc_info=sys.exc_info())
    assert "ValueError: deep" in json.loads(JsonFormatter().format(failed))["traceback"]
    assert "ValueError: deep" in TextFormatter().format(failed)


def test_a_record_that_cannot_be_written_is_said_and_the_next_one_follows() -> None:
    stream = io.StringIO()
    writer = Writer(stream)
    writer.setFormatter(TextFormatter())
    writer.handle(record("two=%s %s", "one"))
    writer.handle(record("next=%s", 1))
    writer.close()
    first, second = stream.getvalue().splitlines()
    assert "cannot be written" in first and second.endswith("next=1")


def test_blocked_reader_blocks_no_writer_and_excess_records_are_dropped() -> None:
    reading, writing = os.pipe()
    stream = os.fdopen(writing, "w")
    writer = Writer(stream, max_waiting=50, stop_timeout_s=0.05)
    writer.setFormatter(TextFormatter())
    for _ in range(1000):
        writer.handle(record("x=%s", "y" * 4096))
    # At most the 50 waiting records, one block of 500 in the thread and a full pipe were taken.
    assert writer.dropped > 400
    writer.close()
    os.close(reading)
    with contextlib.suppress(BrokenPipeError):
        stream.close()


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


async def test_an_order_is_told_with_its_account_and_request_and_nothing_secret(
    live: StartLive, tmp_path: Path, written: pytest.LogCaptureFixture
) -> None:
    server = await guarded(live, tmp_path)
    written.clear()
    secret = token(ALICE)
    headers = bearer(secret) | {"X-Request-ID": "request-7"}
    order = RESTING | {"qty": 77, "customFields": {"note": "a private note"}}
    await server.fetch("POST", "/broker/orders", order, headers=headers)
    await server.fetch("POST", "/broker/orders", ORDER, headers=headers)
    lines = [one.getMessage() for one in written.records if one.name == "trading.orders"]
    assert [line.split(" account=")[0] for line in lines] == ["order accepted", "order accepted", "order filled"]
    assert all("account=ALICE" in line and line.endswith("cause=place_order request=request-7") for line in lines)
    everything = "\n".join(one.getMessage() for one in written.records)
    assert secret not in everything and "private note" not in everything


async def test_a_fill_of_a_tick_names_the_tick(live: StartLive, written: pytest.LogCaptureFixture) -> None:
    server = await live(fill_model="simulator", execution_delay=0.2)
    await server.place(**RESTING)
    written.clear()
    for _ in range(3):
        server.step()
    lines = [one.getMessage() for one in written.records if one.name == "trading.orders"]
    assert len(lines) == 1 and lines[0].endswith("cause=tick request=-")


async def test_a_bad_token_is_not_written_down(
    live: StartLive, tmp_path: Path, written: pytest.LogCaptureFixture
) -> None:
    server = await guarded(live, tmp_path)
    bad = token(ALICE, aud="somebody-else")
    assert (await server.fetch("GET", "/broker/orders", headers=bearer(bad))).code == 401
    assert (await server.fetch("GET", f"/broker/orders?token={bad}")).code == 401
    everything = "\n".join(one.getMessage() for one in written.records)
    assert bad not in everything and bad.split(".")[2] not in everything
