"""Settings: their defaults, and the limits of the stream that follow from them."""

import dataclasses

import pytest

from handlers.stream.limits import StreamLimits
from server.command_line import read_settings
from server.settings import stream_limits
from tests.conftest import OpenStream, StartLive


def test_defaults_are_the_documented_ones() -> None:
    settings = read_settings([], {})
    assert (settings.host, settings.port, settings.seed, settings.speed) == ("127.0.0.1", 8000, 1, 1.0)
    assert (settings.tick_ms, settings.fill_model, settings.modules) == (
        200,
        "market",
        ("broker", "datafeed", "alpaca"),
    )
    assert (settings.start, settings.execution_delay, settings.debug) == (None, None, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05T15:00:00", "2026-01-05T15:00:00+00:00"),
        ("2026-01-05 10:00:00-05:00", "2026-01-05T15:00:00+00:00"),
        ("20260105", "2026-01-05T00:00:00+00:00"),
        ("20260105T150000", "2026-01-05T15:00:00+00:00"),
        ("1767625200", "2026-01-05T15:00:00+00:00"),
    ],
)
def test_a_start_is_read_like_a_time_in_a_file(text: str, expected: str) -> None:
    start = read_settings(["--start", text], {}).start
    assert start is not None and start.isoformat() == expected


@pytest.mark.parametrize("text", ["1970-01-01", "1972-12-31T14:30:00Z", "19721231", "1990-12-31T23:59:59Z"])
def test_a_replay_may_start_before_the_synthetic_market(text: str) -> None:
    start = read_settings(["--start", text, "--replay", "day"], {}).start
    assert start is not None and start.year < 1991


def test_what_a_client_of_the_stream_may_do_is_what_the_documents_say_unless_a_flag_says_else() -> None:
    assert stream_limits(read_settings([], {})) == StreamLimits()
    limits = StreamLimits()
    assert (limits.messages_per_s, limits.message_burst, limits.message_bytes, limits.topics) == (20, 300, 16_384, 256)
    assert (limits.backlog_bytes, limits.backlog_frames, limits.connections) == (1 << 20, 2000, 10_000)
    assert (limits.ping_s, limits.silence_s, limits.age_s, limits.age_spread) == (20, 5, 86_400, 0.05)
    assert (limits.history_updates, limits.history_s, limits.journal_updates) == (1000, 120, 10_000)


STREAM_FLAGS = {
    "message-rate": ("messages_per_s", 7),
    "message-burst": ("message_burst", 8),
    "message-bytes": ("message_bytes", 2048),
    "max-topics": ("topics", 9),
    "max-names": ("names", 17),
    "max-sockets": ("connections", 10),
    "queue-bytes": ("backlog_bytes", 65_536),
    "queue-frames": ("backlog_frames", 11),
    "ping-s": ("ping_s", 12),
    "heartbeat-s": ("silence_s", 13),
    "max-age-s": ("age_s", 1400),
    "resume-updates": ("history_updates", 15),
    "resume-s": ("history_s", 16),
}


@pytest.mark.parametrize("flag", STREAM_FLAGS)
def test_every_flag_of_the_stream_sets_its_limit_and_no_other(flag: str) -> None:
    name, value = STREAM_FLAGS[flag]
    limits = stream_limits(read_settings([f"--{flag}", str(value)], {}))
    assert limits == dataclasses.replace(StreamLimits(), **{name: value})


async def test_the_welcome_message_tells_the_limits_that_were_set(live: StartLive, stream: OpenStream) -> None:
    settings = {flag.replace("-", "_"): value for flag, (_, value) in STREAM_FLAGS.items()}
    client = await stream(await live(**settings))
    welcome = (await client.ask("hello", {}))["payload"]
    assert (welcome["heartbeatMs"], welcome["resumeWindowMs"]) == (13_000, 16_000)
    assert welcome["limits"] == {
        "messagesPerSecond": 7,
        "messageBurst": 8,
        "messageBytes": 2048,
        "topics": 9,
        "quoteNames": 17,
        "connections": 10,
        "backlogBytes": 65_536,
        "backlogFrames": 11,
        "pingMs": 12_000,
        "maxAgeMs": 1_400_000,
        "resumeUpdates": 15,
    }
