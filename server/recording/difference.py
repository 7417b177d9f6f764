"""The first difference between a line of a recording and the same line of its replay, field by field."""

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from pydantic import JsonValue

from server.recording.lines import EndLine, InputLine, ReadLine

ABSENT = "nothing"
SHOWN_CHARACTERS = 60


class Row(NamedTuple):
    """A field that differs, with its values as JSON."""

    field: str
    recorded: str
    replayed: str


class Difference(NamedTuple):
    """The first difference of a replay.

    Attributes:
        place: The line, its input, and the event.
        rows: The fields that differ; empty when only the hash does.
    """

    place: str
    rows: tuple[Row, ...]

    def text(self) -> str:
        """Return the difference for people."""
        rows = [("field", "recorded", "replayed"), *self.rows] if self.rows else []
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        return "\n".join([self.place, *("  " + line.rstrip() for line in lines)])


def difference(line: ReadLine, replayed: InputLine | EndLine) -> Difference | None:
    """Return the first difference between a line and its replay; None when they are the same."""
    place, recorded = _place(line), line.content
    if type(recorded) is not type(replayed):
        return Difference(place, (Row("line", type(recorded).__name__, type(replayed).__name__),))
    first, second = _members(recorded), _members(replayed)
    for name, title in LISTS.items():
        ones, others = first.get(name), second.get(name)
        if isinstance(ones, list) and isinstance(others, list):
            for number, (one, other) in enumerate(zip_longest(ones, others), 1):
                if one != other:
                    return Difference(f"{place}\n{title} {number}", _rows({"": one}, {"": other}))
    if first != second:
        return Difference(place, _rows(first, second))
    return None if line.is_intact else Difference(place, ())


LISTS = {"before": "event before the input", "events": "event of the input", "faults": "fault of the input"}
"""Members with lists, and the words for one of their values."""


def _members(line: object) -> dict[str, JsonValue]:
    """Return the members of a line that a replay repeats: not its hash, and of the faults those of orders."""
    assert isinstance(line, InputLine | EndLine)
    members: dict[str, JsonValue] = line.model_dump(mode="json", exclude={"hash", "truncated"})
    faults = [{**one, "number": None} for one in line.faults if one.get("stage") == "order"]
    return members | {"faults": list(faults)}


def _place(line: ReadLine) -> str:
    content = line.content
    place = f"line {line.number}"
    if isinstance(content, InputLine):
        arguments = json.dumps(content.arguments)
        place += f", input {content.input}: {content.do} account={content.account} time={content.time} {arguments}"
    if not line.is_intact:
        place += f"\nline {line.number} was changed after it was recorded: its hash is not that of its content"
    return place


def _rows(first: Mapping[str, JsonValue], second: Mapping[str, JsonValue]) -> tuple[Row, ...]:
    one, other = dict(_leaves(first)), dict(_leaves(second))
    names = dict.fromkeys([*one, *other])
    return tuple(
        Row(name, one.get(name, ABSENT), other.get(name, ABSENT))
        for name in names
        if one.get(name, ABSENT) != other.get(name, ABSENT)
    )


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the values inside of objects and lists with their paths, such as `basis.quote.bid`."""
    if isinstance(value, Mapping):
        items = [(str(name), one) for name, one in value.items()]
    elif isinstance(value, list):
        items = [(str(place), one) for place, one in enumerate(value)]
    else:
        if value is not None:
            yield path, _short(json.dumps(value, ensure_ascii=False))
        return
    for name, one in items:
        yield from _leaves(one, f"{path}.{name}".strip("."))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 3]}..."
