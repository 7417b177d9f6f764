"""One event of every kind, made from the types of its fields; run it to add the lines that the fixtures lack.

`python -m tests.server.storage.samples` appends a line for every kind whose shape or version no line has yet. Lines
are never changed or removed: each of them may lie in somebody's journal.
"""

import types
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import orjson
from pydantic import BaseModel

from server.storage import codec

FIXTURES = Path(__file__).parent / "fixtures" / "events.jsonl"
PLAIN = {int: 7, float: 1.5, str: "text", bool: True, type(None): None}
JSON = {"nested": [1, "two", None, 2.5, {"deep": True}]}


def sample(hint: Any, is_full: bool = True) -> Any:
    """Return a value of a type; what may be None is, unless `is_full`."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin is Annotated:
        return sample(parts[0], is_full)
    if origin is Literal:
        return parts[0]
    if origin in (Union, types.UnionType):
        present = [part for part in parts if part is not type(None)]
        return sample(present[0], is_full) if is_full or len(present) == len(parts) else None
    if origin in (list, tuple, frozenset, set):
        return origin(sample(part, is_full) for part in parts if part is not Ellipsis)
    if origin is dict:
        return {"key": sample(parts[1], is_full)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)[-1]
    if isinstance(hint, type) and (issubclass(hint, BaseModel) or hasattr(hint, "_fields")):
        hints = get_type_hints(hint, include_extras=True)
        names = hint.model_fields if issubclass(hint, BaseModel) else hint._fields
        values = {name: sample(hints[name], is_full) for name in names}
        return hint.model_construct(**values) if issubclass(hint, BaseModel) else hint(**values)
    return JSON


def lines() -> list[dict[str, Any]]:
    """Return the fixtures: kind, version, fields of its shape, body."""
    return [orjson.loads(line) for line in FIXTURES.read_bytes().splitlines()]


class Shape(NamedTuple):
    """Shape of the bodies of a kind: its version and the names of its fields, nested ones with a dot."""

    kind: str
    version: int
    fields: tuple[str, ...]


def shapes() -> Iterator[Shape]:
    """Yield the shape of every event; the fixtures are compared with them."""
    for one in codec.event_types():
        yield Shape(one.__name__, codec.version_of(one.__name__), tuple(field_names(one)))


def field_names(owner: type) -> Iterator[str]:
    """Yield the names of an event's fields, and of those of the tuples and models in it."""
    for name, hint in get_type_hints(owner).items():
        yield name
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and (hasattr(part, "_fields") or issubclass(part, BaseModel)):
                yield from (f"{name}.{inner}" for inner in field_names(part))


def missing() -> list[Shape]:
    """Return the shapes that no fixture has as they are written today: in order."""
    known = {(line["kind"], line["version"], tuple(line["fields"])) for line in lines() if is_in_order(line)}
    return [shape for shape in shapes() if shape not in known]


def is_in_order(line: dict[str, Any]) -> bool:
    """Whether a fixture's body holds values in the order of the fields, not by their names."""
    return isinstance(line["body"], list)


def orders(owner: type, name: str = "") -> dict[str, list[str]]:
    """Return the order of the fields of an event and of each tuple in it, by the path of its field."""
    hints = get_type_hints(owner)
    found = {name: [f"{name}{field}" for field in hints]}
    for field, hint in hints.items():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and hasattr(part, "_fields"):
                found |= orders(part, f"{name}{field}.")
    return found


def main() -> None:
    """Append what is missing."""
    classes = {one.__name__: one for one in codec.event_types()}
    with FIXTURES.open("ab") as file:
        for shape in missing():
            body = orjson.loads(codec.encode(sample(classes[shape.kind])))
            file.write(orjson.dumps({**shape._asdict(), "body": body}) + b"\n")


if __name__ == "__main__":
    main()
