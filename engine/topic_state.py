"""The state of a topic, in the shapes of REST: the snapshot that a subscriber starts from.

Called by `Engine.snapshot`.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any, cast

from engine.broker import queries, serializers
from engine.broker.account import Account
from engine.broker.market_view import MarketView
from engine.market.feeds.feed import NoPrice
from engine.market.market import Market
from engine.models.market.bars import BarsSubscriptionRequest
from engine.models.market.depth import DepthSubscriptionRequest
from engine.models.market.quotes import QuotesSubscriptionRequest
from engine.topics import Topic

MAX_EXECUTIONS = 500
"""Executions of a snapshot, the newest ones: one page of REST."""

State = Any
"""A list of update payloads, or one payload for topics with a single state."""


def broker_state(topic: Topic, account: Account, symbol: str | None, view: MarketView) -> State:
    """Return the state of a broker topic; None where the engine keeps none (`broker-connection`).

    Notifications are sent once and are not part of the state.
    """
    states: dict[str, Callable[[], State]] = {
        "orders": lambda: queries.orders(account, view),
        "positions": lambda: queries.positions(account, view),
        "executions": lambda: _executions(account, symbol),
        "equity": lambda: serializers.equity_payload(account, view),
        "notifications": list,
        "pl": lambda: serializers.pl_payload(account, view),
    }
    state = states.get(topic.route.name)
    return None if state is None else state()


def market_state(topic: Topic, market: Market, now_ms: int) -> State:
    """Return the state of a datafeed topic: the forming bar, the book, or the quotes of all names, fast ones first.

    None where there is no price yet.
    """
    try:
        return _market_state(topic, market, now_ms)
    except NoPrice:
        return None


def _market_state(topic: Topic, market: Market, now_ms: int) -> State:
    if topic.route.name == "depth":
        return market.depth_data(cast(DepthSubscriptionRequest, topic.params).symbol, now_ms)
    if topic.route.name == "bars":
        return market.forming_bar(cast(BarsSubscriptionRequest, topic.params), now_ms)
    params = cast(QuotesSubscriptionRequest, topic.params)
    return market.quotes(list(dict.fromkeys((*params.fast_symbols, *params.symbols))), now_ms)


def _executions(account: Account, symbol: str | None) -> list[dict[str, Any]]:
    """Return the newest executions, oldest first."""
    newest = (event for event in reversed(account.executions) if symbol is None or event.symbol == symbol)
    chosen = list(islice(newest, MAX_EXECUTIONS))
    return [serializers.execution_payload(event, account.instruments[event.symbol]) for event in reversed(chosen)]
