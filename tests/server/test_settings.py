"""Settings: the command line outranks the environment, which outranks the defaults; a bad value is one line."""

from pathlib import Path
from typing import Any

import pytest

from server.main import main
from server.settings import BadSettings, build_parser, read_command, read_settings


def test_defaults_are_the_documented_ones() -> None:
    settings = read_settings([], {})
    assert (settings.host, settings.port, settings.seed, settings.speed) == ("127.0.0.1", 8000, 1, 1.0)
    assert (settings.tick_ms, settings.fill_model, settings.modules) == (200, "market", ("broker", "datafeed"))
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


def test_every_setting_has_its_flag() -> None:
    from server.settings import Settings

    flags = {action.dest for action in build_parser()._actions}
    assert set(Settings.model_fields) <= flags


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
