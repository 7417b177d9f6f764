"""Accounts over REST: profiles are camelCase in answers, and camelCase or snake_case in requests."""

import re
from typing import Any

import pytest

from tests.conftest import StartLive

CAMEL = {
    "fillModel": "simulator",
    "executionDelay": 1.5,
    "isManual": True,
    "latencyMs": 20,
    "unlimitedSize": True,
    "commission": {"perTrade": 5.0, "perUnit": 0.01, "makerRate": 0.001, "takerRate": 0.002},
    "slippage": {"ticks": 1, "volumeShare": 0.5},
    "limits": {"maxOpenOrders": 7, "maxPosition": 100.0, "dailyLoss": 1000.0},
    "guaranteedStopPremium": 0.002,
    "marginCall": 1.2,
    "stopOut": 0.4,
    "stopOrdersBothDirections": True,
}


def snake(value: Any) -> Any:
    """The same profile with names in snake_case."""
    if not isinstance(value, dict):
        return value
    return {re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", key): snake(one) for key, one in value.items()}


def keys(value: Any) -> set[str]:
    """Every key of an object and of the objects in it."""
    return set(value) | {key for one in value.values() if isinstance(one, dict) for key in keys(one)}


MIXED = snake(CAMEL) | {"latencyMs": 20, "commission": CAMEL["commission"]}


@pytest.mark.parametrize("profile", [CAMEL, snake(CAMEL), MIXED], ids=["camelCase", "snake_case", "mixed"])
async def test_a_profile_is_read_in_both_spellings_and_answered_in_camel_case(
    profile: dict[str, Any], live: StartLive
) -> None:
    server = await live()
    opened = await server.call("POST", "/broker/accounts", {"id": "A", "name": "A", "profile": profile})
    reset = await server.call("POST", "/broker/accounts/DEMO-ACCOUNT/reset", {"profile": profile})
    (_, listed) = await server.call("GET", "/broker/accounts")
    assert listed == opened
    for answer in (opened["profile"], reset["profile"]):
        assert {name: answer[name] for name in CAMEL if not isinstance(answer[name], dict)}.items() <= CAMEL.items()
        for part in ("commission", "slippage", "limits"):
            assert answer[part].items() >= dict(CAMEL[part]).items()  # type: ignore[call-overload]
        assert not any("_" in key for key in keys(answer))


async def test_an_error_names_the_field_as_the_answer_does(live: StartLive) -> None:
    server = await live()
    body = {"name": "A", "profile": {"commission": {"perTrade": -1}}}
    answer = await server.fetch("POST", "/broker/accounts", body)
    assert (answer.code, b'["profile","commission","perTrade"]' in answer.body) == (422, True)
