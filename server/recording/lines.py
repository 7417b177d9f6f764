"""The format of a recording: a JSON object in each line, and a chain of hashes over all lines.

The first line is the header. Each further line is an input with the events that it made; the last line is the end,
which a file of a killed server does not have. The last member of each line is `hash`: SHA-256 over the hash of the
line before and the rest of the line. So the hash of the last line is one over everything, and a changed byte is found
in the line that has it. `recorder.py` writes lines, `replay.py` reads them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from engine.faults import FaultState

FORMAT = 1
HASH_CHARACTERS = 32
_HASH = b',"hash":"'
_END = b'"}'
_TAIL = len(_HASH) + HASH_CHARACTERS + len(_END)

Json = dict[str, JsonValue]


class BadRecording(ValueError):
    """The file is no recording of this format; the message names the line."""


class Line(BaseModel):
    """Base of the lines; unknown members are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    hash: str


class StartState(BaseModel):
    """The state in which a recording begins, if the world was not new.

    Attributes:
        program: Hash of the program and the catalogue; only the same ones can read `data`.
        data: Broker and scenarios in base64, as in a snapshot.
        faults: Faults of the world that was copied, with their counts.
    """

    program: str
    data: str
    faults: FaultState | None = None


class Header(Line):
    """The first line.

    Attributes:
        recording: Version of the format.
        program: Version of the program.
        catalogue: Hash of the instruments.
        settings: The settings that decide about events.
        begin: Market time at the beginning, epoch milliseconds.
        copy_: Whether the state is that of another world, whose rules stay.
        state: None for a new world.
    """

    recording: int
    program: str
    seed: int
    catalogue: str
    settings: Json
    begin: int
    copy_: bool = Field(alias="copy")
    state: StartState | None


class Denial(BaseModel):
    """Why a command was denied."""

    code: str
    message: str


class InputLine(Line):
    """An input.

    Attributes:
        input: Its number, from 1.
        time: Market time of the input, epoch milliseconds.
        do: Name of the command.
        account: The account that it is for; None for none.
        arguments: Its arguments by name.
        denied: Why it was denied; None when it was not.
        before: Events since the input before, which ticks made.
        events: Events of the input.
        faults: Faults that were applied since the input before.
    """

    input: int
    time: int
    do: str
    account: str | None
    arguments: Json
    denied: Denial | None
    before: list[Json]
    events: list[Json]
    faults: list[Json]


class EndLine(Line):
    """The last line.

    Attributes:
        end: Market time of the newest event or input, epoch milliseconds.
        before, faults: As in `InputLine`, since the last input.
        inputs, events: Their numbers in the whole recording.
        truncated: Whether the recording ended at a limit, before its world.
    """

    end: int
    before: list[Json]
    faults: list[Json]
    inputs: int
    events: int
    truncated: bool


class Chain:
    """Writes lines, each with its hash."""

    def __init__(self, last: str = "") -> None:
        self.last = last

    def line(self, members: dict[str, Any]) -> bytes:
        """Return the next line with its line feed; values may be `orjson.Fragment`s."""
        body = orjson.dumps(members)
        self.last = hash_of(self.last, body)
        return body[:-1] + _HASH + self.last.encode() + _END + b"\n"


def hash_of(before: str, body: bytes) -> str:
    """Return the hash of a line: over the hash of the line before and the line without its own hash."""
    return sha256(before.encode() + body).hexdigest()[:HASH_CHARACTERS]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of a file.

    Attributes:
        number: Its number in the file, from 1.
        content: Its members.
        is_intact: Whether its hash is that of its content and of the line before.
    """

    number: int
    content: Header | InputLine | EndLine
    is_intact: bool


def read_lines(file: Iterable[bytes]) -> Iterator[ReadLine]:
    """Yield the lines of a recording. A last line that is a part of one is left out: its server was killed in it.

    Raises:
        BadRecording: A line is no line of a recording.
    """
    before = ""
    for number, raw in enumerate(file, 1):
        text = raw.rstrip(b"\n")
        if text == raw and not text.endswith(_END):
            if text[:-1].endswith(_END):
                raise BadRecording(f"line {number} was changed after it was recorded: it has no line feed")
            return
        content = _read(number, raw)
        is_intact = text[-_TAIL:].startswith(_HASH) and content.hash == hash_of(before, text[:-_TAIL] + b"}")
        before = content.hash
        yield ReadLine(number, content, is_intact)


def _read(number: int, raw: bytes) -> Header | InputLine | EndLine:
    try:
        members = json.loads(raw)
        if number == 1:
            if members["recording"] != FORMAT:
                raise BadRecording(f"line 1: this is a recording of format {members['recording']}, not {FORMAT}")
            return Header.model_validate(members)
        return EndLine.model_validate(members) if "end" in members else InputLine.model_validate(members)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadRecording(f"line {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except BadRecording:
        raise
    except (ValueError, KeyError, TypeError):
        raise BadRecording(f"line {number} is not a line of a recording") from None


def plain(model: BaseModel) -> Json:
    """Return a model with the fields that were given only, as on the wire."""
    found: Json = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return found


def members_of(events: Sequence[bytes]) -> list[orjson.Fragment]:
    """Return encoded events as the value of a member."""
    return [orjson.Fragment(event) for event in events]
