"""Settings: the command line outranks the environment, which outranks the defaults; a bad value is one line."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from handlers.stream.limits import StreamLimits
from server.main import main
from server.settings import BadSettings, Settings, build_parser, read_command, read_settings, stream_limits
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
    ("arguments", "environment", "name", "value"),
    [
        (["--port", "9000"], {}, "port", 9000),
        ([], {"TRADING_PORT": "9001"}, "port", 9001),
        (["--port", "9000"], {"TRADING_PORT": "9001"}, "port", 9000),
        (["serve", "--seed", "7"], {}, "seed", 7),
        ([], {"TRADING_TICK_MS": "100"}, "tick_ms", 100),
        ([], {"TRADING_DEBUG": "true"}, "debug", True),
        ([], {"ENABLED_MODULES": "datafeed"}, "modules", ("datafeed",)),
        ([], {"ENABLED_MODULES": "datafeed", "TRADING_MODULES": "broker"}, "modules", ("broker",)),
        (["--modules", "datafeed, broker"], {}, "modules", ("broker", "datafeed")),
        (["--execution-delay", "0.5"], {}, "execution_delay", 0.5),
        (["--execution-delay", "manual"], {}, "execution_delay", "manual"),
        (["--host", "0.0.0.0", "--insecure"], {}, "host", "0.0.0.0"),
        (["--sessions", "exchange"], {}, "sessions", "exchange"),
        ([], {"TRADING_FEED": "external"}, "feed", "external"),
        (["--replay", "day"], {}, "replay", Path("day")),
        (["--message-rate", "50.5"], {}, "message_rate", 50.5),
        ([], {"TRADING_QUEUE_BYTES": "65536"}, "queue_bytes", 65536),
    ],
)
def test_a_value_is_read_from_where_it_is_given(
    arguments: list[str], environment: dict[str, str], name: str, value: Any
) -> None:
    assert getattr(read_settings(arguments, environment), name) == value


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "70000"],
        ["--port", "x"],
        ["--speed", "0"],
        ["--speed", "nan"],
        ["--start", "yesterday"],
        ["--start", "1990-12-31T23:59:59Z"],
        ["--start", "2200-01-01T00:00:00Z"],
        ["--sessions", "night"],
        ["--feed", "crystal-ball"],
        ["--feed", "replay"],
        ["--feed", "external", "--replay", "day"],
        ["--replay", "no-such-folder"],
        ["--tick-ms", "1"],
        ["--message-rate", "0"],
        ["--message-bytes", "100"],
        ["--queue-frames", "1"],
        ["--max-age-s", "60"],
        ["--resume-updates", "0"],
        ["--fill-model", "magic"],
        ["--execution-delay", "soon"],
        ["--modules", ""],
        ["--modules", "broker,weather"],
        ["--host", "0.0.0.0"],
        ["--log-level", "loud"],
        ["--no-such-flag"],
        ["no-such-command"],
        ["--port"],
        ["--ephemeral", "--data-dir", "var"],
        ["backup"],
        ["restore"],
        ["verify", "file"],
        ["file"],
    ],
)
def test_a_bad_value_is_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    if "no-such-folder" not in arguments:
        with pytest.raises(BadSettings):
            read_settings(arguments, {})
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_a_start_without_a_zone_is_utc() -> None:
    start = read_settings(["--start", "2026-01-05T15:00:00"], {}).start
    assert start is not None and start.isoformat() == "2026-01-05T15:00:00+00:00"


def test_help_describes_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    shown = " ".join(build_parser().format_help().split())
    for name, field in Settings.model_fields.items():
        assert f"--{name.replace('_', '-')} " in shown
        assert field.description and field.description in shown


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "var"),
        ([], {"STATE_DIRECTORY": "/state"}, "/state"),
        ([], {"STATE_DIRECTORY": "/state", "TRADING_DATA_DIR": "/own"}, "/own"),
        (["--data-dir", "/flag"], {"STATE_DIRECTORY": "/state", "TRADING_DATA_DIR": "/own"}, "/flag"),
        (["backup", "copy.db", "--data-dir", "/flag"], {}, "/flag"),
    ],
)
def test_the_data_directory_is_where_it_is_said_to_be(
    arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    assert str(read_settings(arguments, environment).data_dir) == expected


def test_a_storage_command_has_its_file() -> None:
    name, file, settings = read_command(["--data-dir", "d", "restore", "copy.db"], {})
    assert (name, str(file), str(settings.data_dir)) == ("restore", "copy.db", "d")


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
