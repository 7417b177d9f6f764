"""Events as rows: every event of the broker and of the market to a kind, a version and a JSON body, and back.

A body holds the values of an event, and of the tuples in it, in the order of their fields; models are objects. Bodies
of earlier programs, which name the fields of tuples too, are read as well.

The codec reads the event classes, so a new event, or a new last field with a default, needs nothing here. Any other
change of a shape needs an upgrade in `UPGRADES`, and a new line in the fixtures that the tests keep of every version.
"""

import json
import types
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from itertools import compress, repeat
from operator import is_not
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import orjson
from pydantic import BaseModel, JsonValue

from engine.broker import events
from engine.models.common import fields_of
from engine.models.market.scenarios import MARKET_EVENTS, MarketEvent

Event = events.Event | MarketEvent
Body = dict[str, Any] | list[Any]
"""A decoded body: values by name, or in the order of the fields at that version."""

Decoder = Callable[[Any], Any] | None
"""Turns a JSON value into the value of an event; None where they are the same."""


def _with_sizes_not_told(body: Any) -> Any:
    """Return an execution with None for the sizes that were not told; version 1 has 0 for them."""
    basis = body[10] if type(body) is list else body["basis"]
    quote = basis[1] if type(basis) is list else basis["quote"]
    for values, names in ((basis, {"displayed": 2}), (quote, {"bid_size": 5, "ask_size": 6})):
        for name, place in names.items():
            key = place if type(values) is list else name
            values[key] = values[key] or None
    return body


UPGRADES: dict[str, tuple[Callable[[Body], Body], ...]] = {"OrderExecuted": (_with_sizes_not_told,)}
"""By kind: the functions that make a body of version 1 one of version 2, of 2 one of 3, and so on."""

LARGE = b" "
"""Begins a body with integers beyond 64 bits: orjson cannot encode them, and decodes them inexactly."""

PLAIN = (int, float, str, bool, type(None), object, Any)


class BadBody(Exception):
    """A stored body that this program cannot decode."""


def event_types() -> tuple[type, ...]:
    """Return the classes of all events, the broker's and the market's."""
    return *get_args(events.Event), *MARKET_EVENTS


def encode(event: tuple[Any, ...]) -> bytes:
    """Return an event's body: its values in order as JSON; models by name, without what is None by default.

    A body with whole numbers beyond 64 bits, such as the equity of an account far below zero, begins with a space.

    Raises:
        TypeError: a field holds a value that cannot be decoded again.
    """
    try:
        return orjson.dumps(tuple(event), default=_plain)
    except TypeError:
        return LARGE + json.dumps(tuple(event), default=_plain, allow_nan=False, ensure_ascii=False).encode()


def version_of(kind: str) -> int:
    """Return the version that bodies of a kind are written in."""
    return 1 + len(UPGRADES.get(kind, ()))


def decode(kind: str, version: int, body: bytes) -> Event:
    """Return the event of a stored body, of whatever version.

    Raises:
        BadBody: the kind is unknown, the version is newer than this program, or the fields do not fit.
    """
    read, upgrades = _READERS.get(kind), UPGRADES.get(kind, ())
    if read is None or not 1 <= version <= 1 + len(upgrades):
        raise BadBody(f"{kind} version {version} is not known to this program")
    try:
        values = json.loads(body) if body.startswith(LARGE) else orjson.loads(body)
        for upgrade in upgrades[version - 1 :]:
            values = upgrade(values)
        event: Event = read(values)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBody(f"{kind} version {version}: {error!r}") from error
    return event


def _plain(value: object) -> object:
    """Encode for orjson: values in order for named tuples, by name for models, without what is None by default."""
    if isinstance(value, tuple):
        return tuple(value)
    if isinstance(value, BaseModel):
        fields = fields_of(value)
        is_given = map(is_not, fields.values(), repeat(None))
        named = dict(compress(fields.items(), is_given))
        for name in _with_other_default(type(value)):
            named[name] = fields[name]
        return named
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be stored in an event")


@cache
def _with_other_default(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields that are not None by default: None has a meaning there, so it is written."""
    return tuple(name for name, field in model.model_fields.items() if field.default is not None)


def _tuple_reader(owner: type) -> Callable[[Any], Any]:
    """Return a reader of named tuples. A field that is absent has its default, or the body does not fit."""
    hints = get_type_hints(owner, include_extras=True)
    decoders = {name: decoder for name, hint in hints.items() if (decoder := decoder_of(hint)) is not None}
    places = [(list(hints).index(name), decoder) for name, decoder in decoders.items()]
    count, new = len(hints), tuple.__new__

    def read(values: Any) -> Any:
        if type(values) is list and len(values) == count:
            for place, decoder in places:
                values[place] = decoder(values[place])
            return new(owner, values)
        if type(values) is list and len(values) < count:
            values = dict(zip(hints, values, strict=False))
        if type(values) is not dict:
            raise ValueError(f"{owner.__name__} has {count} fields")
        named = {name: values[name] for name in hints if name in values}
        return owner(**{name: decoders[name](value) if name in decoders else value for name, value in named.items()})

    return read


def _model_reader(model: type[BaseModel]) -> Callable[[Any], Any]:
    """Return a reader of models. It does not validate, because stored events outlive the rules of their time.

    It fills a new object as pydantic's `model_construct` does, with everything about the class computed once.
    """
    hints = get_type_hints(model, include_extras=True)
    decoders = [(name, decoder) for name in model.model_fields if (decoder := decoder_of(hints[name])) is not None]
    required = frozenset(name for name, field in model.model_fields.items() if field.is_required())
    if any(field.default_factory is not None for field in model.model_fields.values()):
        raise TypeError(f"{model.__name__} has a default factory; the objects would share one default")
    blank = {name: None if name in required else field.default for name, field in model.model_fields.items()}
    new, put = object.__new__, object.__setattr__

    def read(values: Any) -> Any:
        if not required <= values.keys():
            raise KeyError(*required - values.keys())
        for name, decoder in decoders:
            if name in values:
                values[name] = decoder(values[name])
        one = new(model)
        put(one, "__dict__", blank | values)
        put(one, "__pydantic_fields_set__", set(values))
        put(one, "__pydantic_extra__", None)
        put(one, "__pydantic_private__", None)
        return one

    return read


@cache
def decoder_of(hint: Any) -> Decoder:
    """Return the decoder of a type hint. Raises: TypeError when events cannot hold such a value."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return decoder_of(parts[0])
    if hint in PLAIN or origin is Literal or isinstance(hint, type(JsonValue)):
        return None
    if origin in (Union, types.UnionType):
        return _union_decoder(parts)
    if origin in (tuple, list, frozenset, set):
        return _row_decoder(origin, parts)
    if origin in (dict, Mapping):
        decoder = decoder_of(parts[1])
        return None if decoder is None else lambda values: {key: decoder(value) for key, value in values.items()}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint._value2member_map_.__getitem__
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _model_reader(hint)
    if isinstance(hint, type) and hasattr(hint, "_fields"):
        return _tuple_reader(hint)
    raise TypeError(f"events cannot hold {hint!r}")


def _union_decoder(hints: tuple[Any, ...]) -> Decoder:
    """Return the decoder of `X | None`, or of several plain types."""
    decoders = [decoder for hint in hints if (decoder := decoder_of(hint)) is not None]
    if not decoders:
        return None
    if len(decoders) > 1 or len(hints) > 2 or type(None) not in hints:
        raise TypeError(f"events cannot hold {hints!r}: the body would not say which")
    only = decoders[0]
    return lambda value: None if value is None else only(value)


def _row_decoder(origin: type, hints: tuple[Any, ...]) -> Decoder:
    if origin is tuple and hints[-1] is not Ellipsis:
        each = [decoder_of(hint) for hint in hints]
        return lambda values: tuple(
            value if decoder is None else decoder(value) for value, decoder in zip(values, each, strict=True)
        )
    decoder = decoder_of(hints[0])
    if decoder is None:
        return None if origin is list else origin
    return lambda values: origin(decoder(value) for value in values)


_READERS = {one.__name__: _tuple_reader(one) for one in event_types()}
