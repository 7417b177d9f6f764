"""Events and their stored bodies: every kind there and back, and every body that was ever written."""

from operator import itemgetter
from typing import Any, NamedTuple

import orjson
import pytest
from pydantic import BaseModel

from engine.models.broker.orders import PreOrder
from server.storage import codec
from tests.server.storage.samples import is_in_order, lines, missing, orders, sample

KINDS = {kind.__name__: kind for kind in codec.event_types()}
IN_ORDER = [line for line in lines() if is_in_order(line)]
SHAPE = itemgetter("kind", "fields")
TWINS = [(one, two) for one in lines() for two in IN_ORDER if not is_in_order(one) and SHAPE(one) == SHAPE(two)]


@pytest.mark.parametrize("kind", codec.event_types(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("is_full", [True, False])
def test_every_event_comes_back(kind: type, is_full: bool) -> None:
    event = sample(kind, is_full)
    back = codec.decode(kind.__name__, codec.version_of(kind.__name__), codec.encode(event))
    assert type(back) is kind
    assert back == event
    assert codec.encode(back) == codec.encode(event)


@pytest.mark.parametrize("kind", codec.event_types(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("is_full", [True, False])
def test_body_has_values_in_order_and_models_by_name(kind: type, is_full: bool) -> None:
    def plain(value: object) -> object:
        if isinstance(value, tuple):
            return [plain(item) for item in value]
        if isinstance(value, BaseModel):
            silent = {name for name, field in type(value).model_fields.items() if field.default is None}
            return {name: item for name, item in value if item is not None or name not in silent}
        return sorted(value) if isinstance(value, frozenset) else value

    event = sample(kind, is_full)
    assert orjson.loads(codec.encode(event)) == orjson.loads(orjson.dumps(plain(event), default=plain))


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line['kind']}-{line['version']}")
def test_every_body_ever_written_is_read(line: dict[str, Any]) -> None:
    event = codec.decode(line["kind"], line["version"], orjson.dumps(line["body"]))
    assert type(event).__name__ == line["kind"]
    again = codec.encode(event)
    assert codec.decode(line["kind"], codec.version_of(line["kind"]), again) == event


def test_every_shape_has_a_fixture() -> None:
    shapes = [f"{shape.kind} version {shape.version}" for shape in missing()]
    assert shapes == [], (
        "the shape changed. If bodies that are stored no longer fit, register an upgrade in server/storage/codec.py; "
        "then add the new shape with: python -m tests.server.storage.samples"
    )


@pytest.mark.parametrize("line", IN_ORDER, ids=lambda line: f"{line['kind']}-{line['version']}")
def test_fields_keep_their_places_within_a_version(line: dict[str, Any]) -> None:
    """Bodies say no names: a field that moves, or comes in between, would be read as another."""
    if line["version"] != codec.version_of(line["kind"]):
        return
    for path, now in orders(KINDS[line["kind"]]).items():
        then = [name for name in line["fields"] if name.startswith(path) and "." not in name.removeprefix(path)]
        assert now[: len(then)] == then


@pytest.mark.parametrize(("named", "ordered"), TWINS, ids=lambda line: line["kind"])
def test_bodies_by_name_and_in_order_are_the_same_event(named: dict[str, Any], ordered: dict[str, Any]) -> None:
    assert named["kind"] == ordered["kind"]
    bodies = (orjson.dumps(line["body"]) for line in (named, ordered))
    first, second = (codec.decode(named["kind"], 1, body) for body in bodies)
    assert first == second


def test_field_that_was_added_has_its_default() -> None:
    event = sample(KINDS["OrderAccepted"])
    whole = orjson.loads(codec.encode(event))
    back = codec.decode("OrderAccepted", 1, orjson.dumps(whole[:-4]))
    assert back == event._replace(parent=None, reason=None, target=None, linked=None)
    with pytest.raises(codec.BadBody):
        codec.decode("OrderAccepted", 1, orjson.dumps(whole[:-5]))
    with pytest.raises(codec.BadBody):
        codec.decode("OrderAccepted", 1, orjson.dumps([*whole, 1]))


@pytest.mark.parametrize("is_named", [False, True])
def test_execution_of_version_1_with_size_0_has_sizes_that_were_not_told(is_named: bool) -> None:
    quote = {"symbol": "AAPL", "time_ms": 1, "bid": 1, "ask": 2, "last": 1, "bid_size": 0, "ask_size": 9}
    basis = {"rule": "market", "quote": quote, "displayed": 0, "taken": 0, "slippage": 0, "draw": None}
    basis |= {"equity": 1, "used": 0, "reserved": 0, "required": 0}
    body: dict[str, Any] = {"account_id": "A", "time_ms": 1, "execution_id": "E", "order_id": "O", "symbol": "AAPL"}
    body |= {"side": 1, "qty": 1, "price": 2, "commission": 0, "is_maker": False, "basis": basis}
    in_order = [*basis.values()]
    in_order[1] = [*quote.values()]
    stored: Any = body if is_named else [*list(body.values())[:-1], in_order]
    event: Any = codec.decode("OrderExecuted", 1, orjson.dumps(stored))
    assert (event.basis.displayed, event.basis.quote.bid_size, event.basis.quote.ask_size) == (None, None, 9)


def test_order_equals_the_one_its_owner_sends_again() -> None:
    sent = {"symbol": "AAPL", "type": 1, "side": 1, "qty": 10, "limitPrice": 5, "stopPrice": None, "postOnly": None}
    event = sample(next(one for one in codec.event_types() if one.__name__ == "OrderAccepted"))
    stored = codec.encode(event._replace(request=PreOrder.model_validate(sent)))
    back: Any = codec.decode("OrderAccepted", 1, stored)
    assert back.request == PreOrder.model_validate(sent)
    assert back.request.model_dump_json() == PreOrder.model_validate(sent).model_dump_json()


def test_old_body_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrades = (
        lambda body: {"order_id": body.pop("id"), **body},
        lambda body: body | {"time_ms": body["time_ms"] * 1000},
    )
    monkeypatch.setitem(codec.UPGRADES, "OrderTriggered", upgrades)
    old = {"account_id": "A", "time_ms": 5, "id": "ORDER-1"}
    assert codec.version_of("OrderTriggered") == 3
    first: Any = codec.decode("OrderTriggered", 1, orjson.dumps(old))
    second: Any = codec.decode("OrderTriggered", 2, orjson.dumps({**old, "order_id": "ORDER-1"} | {"id": "x"}))
    assert tuple(first) == ("A", 5000, "ORDER-1")
    assert second.time_ms == 5000


@pytest.mark.parametrize(
    ("kind", "version", "body"),
    [
        ("OrderInvented", 1, b"{}"),
        ("OrderTriggered", 9, b'{"account_id":"A","time_ms":1,"order_id":"O"}'),
        ("OrderTriggered", 0, b'{"account_id":"A","time_ms":1,"order_id":"O"}'),
        ("OrderTriggered", 1, b'{"account_id":"A"}'),
        ("OrderTriggered", 1, b"{"),
        ("OrderTriggered", 1, b"[]"),
        ("OrderCanceled", 1, b'{"account_id":"A","time_ms":1,"order_id":"O","reason":"WHIM","message":null}'),
    ],
)
def test_body_that_is_no_event_is_refused(kind: str, version: int, body: bytes) -> None:
    with pytest.raises(codec.BadBody):
        codec.decode(kind, version, body)


class Ambiguous(NamedTuple):
    value: PreOrder | type


def test_field_that_could_not_come_back_is_refused_early() -> None:
    with pytest.raises(TypeError):
        codec.decoder_of(Ambiguous)
    with pytest.raises(TypeError):
        codec.decoder_of(PreOrder | Ambiguous)
    with pytest.raises(TypeError):
        codec.decoder_of(bytearray)
