"""The help of the command line: subcommands, groups of options, and the values that an option takes.

The options are the fields of `Settings` in `settings.py`; their bounds and types are read from there. `command_line.py`
makes a parser of these tables.
"""

from functools import cache
from typing import Any, NamedTuple

from server.settings import Settings


class Subcommand(NamedTuple):
    """A command of the program.

    Attributes:
        text: Help text.
        argument: Name of its argument, or "".
        options: Settings that it uses; None for all.
    """

    text: str
    argument: str = ""
    options: tuple[str, ...] | None = ()


STATE = ("data_dir", "seed", "replay", "instruments")

SUBCOMMANDS = {
    "serve": Subcommand("start the server; the default", options=None),
    "doctor": Subcommand("check this installation and say what to do", options=("port", "host", "data_dir")),
    "verify": Subcommand("check the data directory: files, checksums, replay, ledger", options=STATE),
    "backup": Subcommand("copy the journal into a new file, also beside a running server", "FILE", ("data_dir",)),
    "restore": Subcommand("replace the journal with a backup; the old journal is kept", "FILE", ("data_dir",)),
    "snapshot": Subcommand("write a snapshot of the newest state, for a faster start", options=STATE),
    "replay": Subcommand(
        "repeat a recording in a new world and compare", "FILE", ("until", "port", "host", "instruments", "replay")
    ),
    "export-specs": Subcommand("write the OpenAPI and AsyncAPI documents into a folder", "DIR", ("modules",)),
    "run": Subcommand("run a bot for Alpaca unchanged against a server", "-- COMMAND", (*STATE, "speed", "start")),
    "conform": Subcommand("check a broker against TradingView's rules", "URL"),
    "token": Subcommand("make a token for an account", options=("jwt_key_file", "jwt_algorithm")),
}

MOST_USED = "most used"

GROUPS: dict[str, tuple[str, ...]] = {
    MOST_USED: ("port", "host", "data_dir", "seed", "speed", "start", "replay", "fill_model", "auth"),
    "market": ("feed", "sessions", "instruments", "modules", "tick_ms"),
    "broker": ("execution_delay",),
    "network": ("http", "port_file", "allow_origin", "allow_host", "trusted_proxy"),
    "security": (
        *("jwt_key_file", "jwt_algorithm", "jwt_issuer", "jwt_audience", "insecure"),
        *("order_rate", "order_burst", "max_connections"),
    ),
    "storage": ("ephemeral",),
    "limits of the stream": (
        *("message_rate", "message_burst", "message_bytes", "max_topics", "max_names", "max_sockets"),
        *("queue_bytes", "queue_frames", "ping_s", "heartbeat_s", "max_age_s", "resume_updates", "resume_s"),
    ),
    "scale": ("role", "bus", "bus_name", "core_url"),
    "control": ("control", "worlds", "record", "until"),
    "debugging and logs": ("debug", "lint", "log_level", "log_format"),
}
"""Every setting once, by subject."""


def flag_of(name: str) -> str:
    """Return the flag of a setting."""
    return "--" + name.replace("_", "-")


def variable_of(name: str) -> str:
    """Return the variable of the environment of a setting."""
    return "TRADING_" + name.upper()


def is_switch(name: str) -> bool:
    """Whether the flag of a setting has no value."""
    return Settings.model_fields[name].annotation is bool


def help_of(name: str) -> str:
    """Return the help of a setting for argparse: description, default and variable."""
    field = Settings.model_fields[name]
    default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
    shown = "" if is_switch(name) or default in (None, "") else f" ({default})"
    return f"{field.description}{shown} [{variable_of(name)}]".replace("%", "%%")


def metavar_of(name: str) -> str:
    """Return the word for the value in the help: "N", "PATH", or the possible values."""
    forms = schemas()[name].get("anyOf", [schemas()[name]])
    choices = [str(value) for form in forms for value in form.get("enum", ())]
    return "|".join(choices) or METAVARS.get(forms[0].get("format", forms[0]["type"]), "TEXT")


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each setting."""
    found: dict[str, dict[str, Any]] = Settings.model_json_schema()["properties"]
    return found


def takes(name: str) -> str:
    """Return the values that a setting takes, as a noun: "a whole number from 0 to 65535"."""
    schema = schemas()[name]
    kinds = [kind(one) for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    return " or ".join(kinds)


METAVARS = {"integer": "N", "number": "N", "array": "NAMES", "path": "PATH", "date-time": "TIME"}
KINDS = {
    "boolean": "true or false",
    "array": "names, separated by commas",
    "path": "a path",
    "date-time": "a time such as 2026-01-05T15:00:00Z",
}


def kind(schema: dict[str, Any]) -> str:
    """Return the values of one JSON schema as a noun."""
    if "enum" in schema or "const" in schema:
        return " or ".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema["type"] in ("integer", "number"):
        noun = "a whole number" if schema["type"] == "integer" else "a number"
        return f"{noun} from {schema['minimum']:.15g} to {schema['maximum']:.15g}"
    if "minLength" in schema:
        return f"a text of {schema['minLength']} to {schema['maxLength']} characters"
    return KINDS.get(schema.get("format", schema["type"]), "a text")
