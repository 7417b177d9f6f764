"""The table of faults: which rule applies to a case, in which order, how often, and the log of it."""

from typing import Any

import pytest
from pydantic import ValidationError

from engine.errors import Denied, Missing
from engine.faults import Case, FaultTable
from engine.models.control.faults import MAX_FAULTS, FaultRequest
from tests.support import ManualClock

DROP: dict[str, Any] = {"stage": "push", "do": {"drop": True}}
CASE: Case = {"topic": 'orders:{"accountId":"BOT-1"}', "route": "orders", "account": "BOT-1"}


def rule(**fields: Any) -> FaultRequest:
    return FaultRequest.model_validate(DROP | fields)


def table(*faults: FaultRequest, seed: int = 7) -> FaultTable:
    faults_of_world = FaultTable(seed, ManualClock())
    faults_of_world.replace(faults)
    return faults_of_world


def applied(faults: FaultTable, count: int, case: Case = CASE) -> str:
    """Return which of `count` cases a rule applied to: the last letter of its id, or a dot."""
    rules = [faults.take(faults.pushes, case) for _ in range(count)]
    return "".join("." if one is None else one.id[-1] for one in rules)


@pytest.mark.parametrize(
    ("match", "is_matched"),
    [
        ({}, True),
        ({"route": "orders"}, True),
        ({"route": "order"}, False),
        ({"route": "ord*"}, True),
        ({"topic": "orders:*"}, True),
        ({"topic": '*"BOT-1"*'}, True),
        ({"topic": "orders:{.*}"}, False),
        ({"account": "BOT-*", "route": "*"}, True),
        ({"account": "BOT-2", "route": "orders"}, False),
    ],
)
def test_rule_matches_each_given_field(match: dict[str, str], is_matched: bool) -> None:
    assert applied(table(rule(match=match)), 1) == ("1" if is_matched else ".")


def test_absent_field_of_case_matches_no_pattern() -> None:
    assert applied(table(rule(match={"account": "*"})), 1, {"route": "quotes", "account": None}) == "."


def test_one_of_several_texts_is_enough() -> None:
    faults = table(FaultRequest(stage="connection", match={"topic": "orders:*"}, do={"close": {}}))
    assert faults.take(faults.connections, {"topic": ("quotes:1", "orders:1")}) is not None
    assert faults.take(faults.connections, {"topic": ()}) is None


def test_codes_of_orders_are_equal() -> None:
    faults = table(
        FaultRequest.model_validate({"stage": "order", "match": {"type": 2, "side": -1}, "do": {"delay": {"ms": 5}}})
    )
    assert faults.take(faults.orders, {"type": 2, "side": 1}) is None
    assert faults.take(faults.orders, {"type": 2, "side": -1}) is not None


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{}], "aaaaaa"),
        ([{"after": 2}], "..aaaa"),
        ([{"times": 2}], "aa...."),
        ([{"after": 1, "times": 3}], ".aaa.."),
        ([{"times": 0}], "......"),
        ([{"probability": 0.0}], "......"),
        ([{}, {}], "aaaaaa"),
        ([{"times": 2}, {}], "aabbbb"),
        ([{"after": 4}, {"times": 1}], "b...aa"),
        ([{"match": {"route": "quotes"}}, {}], "bbbbbb"),
    ],
)
def test_first_rule_that_applies_wins(rules: list[dict[str, Any]], expected: str) -> None:
    faults = table(*(rule(id="ab"[place], **fields) for place, fields in enumerate(rules)))
    assert applied(faults, 6) == expected


def test_draws_are_those_of_seed_and_count() -> None:
    faults, again, other = (table(rule(id="a", probability=0.5), seed=seed) for seed in (7, 7, 8))
    seen = applied(faults, 64)
    assert seen == applied(again, 64) != applied(other, 64)
    assert 16 < seen.count("a") < 48
    faults.reset()
    assert applied(faults, 64) == seen


def test_copy_of_a_world_goes_on_with_the_same_draws() -> None:
    source, copy = table(rule(id="a", probability=0.5)), table()
    applied(source, 20)
    copy.adopt(source.state())
    assert applied(copy, 40) == applied(source, 40)


def test_counts_show_matches_and_applications() -> None:
    faults = table(rule(after=2, times=1))
    applied(faults, 5)
    assert faults.rules()[0].shown().stats.model_dump() == {"matched": 3, "applied": 1}


def test_stage_may_skip_actions() -> None:
    faults = table(rule(id="a"), rule(id="b", do={"duplicate": True}))
    found = faults.take(faults.pushes, CASE, {"duplicate"})
    assert found is not None and found.id == "b"
    assert faults.rule("a").matched == 0


def test_application_is_logged_with_market_time_and_case() -> None:
    clock = ManualClock()
    faults = FaultTable(7, clock)
    faults.add(rule(id="a", after=1))
    for _ in range(3):
        clock.advance(200)
        faults.take(faults.pushes, CASE)
    logged = [
        (one.number, one.time_ms - clock.start_ms, one.fault_id, one.stage, one.action) for one in faults.applications
    ]
    assert logged == [(1, 400, "a", "push", "drop"), (2, 600, "a", "push", "drop")]
    assert faults.applications[0].case == CASE


def test_replaced_list_keeps_counts_of_equal_rules() -> None:
    faults = table(rule(id="a"), rule(id="b"))
    applied(faults, 2)
    faults.replace([rule(id="b"), rule(id="a"), rule(id="c")])
    assert [(one.id, one.applied) for one in faults.rules()] == [("b", 0), ("a", 2), ("c", 0)]
    faults.replace([rule(id="a", times=9)])
    assert [(one.id, one.applied) for one in faults.rules()] == [("a", 0)]


def test_removed_rule_applies_no_more() -> None:
    faults = table(rule(), rule())
    assert [one.id for one in faults.rules()] == ["fault-1", "fault-2"]
    faults.remove("fault-1")
    assert applied(faults, 1) == "2"
    faults.remove("fault-2")
    assert faults.pushes == ()
    with pytest.raises(Missing, match="fault-2 does not exist"):
        faults.remove("fault-2")
    assert faults.add(rule()).id == "fault-3"


def test_refused_list_changes_nothing() -> None:
    faults = table(rule(id="a"))
    with pytest.raises(Denied, match="exists already"):
        faults.replace([rule(id="b"), rule(id="b")])
    assert [one.id for one in faults.rules()] == ["a"]


def test_list_is_bounded() -> None:
    faults = table(*(rule() for _ in range(MAX_FAULTS)))
    with pytest.raises(Denied, match="limit"):
        faults.add(rule())


def test_unknown_reason_is_refused() -> None:
    reject = {"stage": "order", "do": {"reject": {"reason": "BAD_MOOD"}}}
    with pytest.raises(Denied, match="BAD_MOOD is not a reason code"):
        table(FaultRequest.model_validate(reject))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"stage": "push", "do": {}}, "exactly one"),
        ({"stage": "push", "do": {"drop": True, "duplicate": True}}, "exactly one"),
        ({"stage": "push", "do": {"close": {}}}, "the stage push can delay, drop, duplicate, reorder, truncate"),
        ({"stage": "push", "match": {"method": "GET"}, "do": {"drop": True}}, "the stage push matches"),
        ({"stage": "push", "match": {"tpoic": "x"}, "do": {"drop": True}}, "Extra inputs"),
        ({"stage": "push", "phase": "after", "do": {"drop": True}}, "only a request has a phase"),
        ({"stage": "request", "do": {"truncate": {"bytes": 3}}}, "the phase is after"),
        ({"stage": "request", "phase": "after", "do": {"truncate": {}}}, "needs its bytes"),
        ({"stage": "request", "do": {"status": {"code": 200}}}, "greater than or equal to 400"),
        ({"stage": "lunch", "do": {"drop": True}}, "Input should be"),
        ({"stage": "push", "probability": 1.5, "do": {"drop": True}}, "less than or equal to 1"),
    ],
)
def test_rule_that_fits_no_stage_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        FaultRequest.model_validate(fields)
