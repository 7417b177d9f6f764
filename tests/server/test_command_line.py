"""The command line: what outranks what, one line for each mistake, help by subject."""

from pathlib import Path
from typing import Any

import pytest

from server.command_line import BadSettings, build_parser, read_command, read_settings
from server.main import main
from server.options import GROUPS, MOST_USED, SUBCOMMANDS
from server.settings import Settings


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
        ["--start", "1972-12-31", "--feed", "external"],
        ["--start", "1969-12-31", "--replay", "day"],
        ["--start", "05/01/2026", "--replay", "day"],
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
        ["--role", "core"],
        ["--bus", "nats://127.0.0.1:4222"],
        ["--role", "core", "--bus", "127.0.0.1:4222"],
        ["--role", "core", "--bus", "nats://127.0.0.1:4222", "--bus-name", "two words"],
        ["--role", "core", "--bus", "nats://127.0.0.1:4222", "--core-url", "10.0.0.5:8000"],
        ["--role", "core", "--bus", "nats://127.0.0.1:4222", "--host", "0.0.0.0", "--insecure"],
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


def help_text(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "400")
    return " ".join(build_parser(command).format_help().split())


def test_help_describes_every_setting_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = help_text("serve", monkeypatch)
    for name, field in Settings.model_fields.items():
        assert f"--{name.replace('_', '-')} " in shown
        assert field.description and field.description in shown
        assert f"[TRADING_{name.upper()}]" in shown


def test_every_setting_is_in_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(Settings.model_fields)
    assert len(GROUPS[MOST_USED]) == 9, "and --config"


@pytest.mark.parametrize("name", [name for name in SUBCOMMANDS if name not in ("serve", "token", "run")])
def test_every_command_has_its_own_help(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = help_text(name, monkeypatch)
    assert shown.startswith(f"usage: run.py {name} {SUBCOMMANDS[name].argument}".strip())
    assert SUBCOMMANDS[name].text.lower() in shown.lower()
    assert "--tick-ms" not in shown


def test_help_of_run_says_where_the_bot_stands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    assert capsys.readouterr().out.startswith("usage: run.py run [--server URL] ")


@pytest.mark.parametrize("arguments", [["--help"], ["backup", "--help"], ["token", "--help"]])
def test_help_is_printed_and_nothing_is_started(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: run.py")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "x"], "--port takes a whole number from 0 to 65535, not 'x'"),
        (["--port"], "--port needs a value: a whole number from 0 to 65535"),
        (["--order-rate", "x"], "--order-rate takes a number from 0 to 1000000, not 'x'"),
        (["--http", "nginx"], "--http takes llhttp or tornado, not 'nginx'"),
        (["--execution-delay", "soon"], "--execution-delay takes a number from 0 to 3600 or manual, not 'soon'"),
        (["--start", "yesterday"], "--start: time 'yesterday' is neither an epoch time nor an ISO 8601 time"),
        (["--modules", "weather"], "--modules: modules must be a list of broker, datafeed, alpaca"),
        (["--data-dir"], "--data-dir needs a value: a path"),
        (["--debug=1"], "--debug takes no value"),
        (["--prot", "9000"], "unknown argument --prot; did you mean --port?"),
        (["backup"], "backup needs a FILE"),
        (["--seed", "7", "token"], "token has options of its own, so it has to be the first argument"),
        (["--feed", "replay"], "--feed replay needs --replay DIR, and --replay DIR allows no other feed"),
    ],
)
def test_a_message_names_the_flag_and_the_values_that_it_takes(arguments: list[str], message: str) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings(arguments, {})
    assert str(refused.value) == message


def test_a_message_names_the_variable() -> None:
    with pytest.raises(BadSettings, match=r"^TRADING_PORT takes a whole number"):
        read_settings([], {"TRADING_PORT": "x"})


@pytest.mark.parametrize(
    ("text", "arguments", "environment", "port"),
    [
        ("port = 9000", [], {}, 9000),
        ("port = 9000", [], {"TRADING_PORT": "9001"}, 9001),
        ("port = 9000", ["--port", "9002"], {"TRADING_PORT": "9001"}, 9002),
        ("speed = 2", [], {}, 8000),
    ],
)
def test_a_file_outranks_the_defaults_only(
    text: str, arguments: list[str], environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    file = tmp_path / "server.toml"
    file.write_text(text)
    assert read_settings(["--config", str(file), *arguments], environment).port == port
    assert read_settings(arguments, {"TRADING_CONFIG": str(file), **environment}).port == port


def test_a_file_has_the_names_of_the_flags_and_the_types_of_toml(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text('tick-ms = 100\nlog_level = "error"\nmodules = ["broker"]\nephemeral = true\nstart = 2026-01-05\n')
    settings = read_settings(["--config", str(file)], {})
    assert (settings.tick_ms, settings.log_level, settings.modules) == (100, "error", ("broker",))
    assert (settings.ephemeral, str(settings.start)) == (True, "2026-01-05 00:00:00+00:00")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port = 'x'", "port in FILE takes a whole number from 0 to 65535, not 'x'"),
        ("prt = 1", "unknown setting prt in FILE; did you mean port?"),
        ("[market]\nspeed = 1", "unknown setting market in FILE"),
        ("port 1", "--config FILE is not TOML: Expected '=' after a key in a key/value pair (at line 1, column 6)"),
        (None, "--config FILE: No such file or directory"),
    ],
)
def test_a_message_names_the_setting_in_the_file(text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadSettings) as refused:
        read_settings(["--config", str(file)], {})
    assert str(refused.value) == message.replace("FILE", str(file))


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
