"""The equity history of an account, for the native interface and for the Alpaca dialect."""

from engine import portfolio
from engine.broker import margin
from engine.broker.account import Account
from engine.core import Engine
from engine.models.broker.account import EquityHistoryQuery
from engine.topics import Payload
from handlers.turns import in_turns


async def equity_history(engine: Engine, account: Account, query: EquityHistoryQuery) -> Payload:
    """Return EquityHistory. The bars that it needs are prepared in pieces, between the work for other clients."""
    market = engine.view()
    span = portfolio.span_of(account, query, market.now_ms)
    equity = margin.assess(account, market).equity if span.now_ms == market.now_ms else None
    for bars_query in portfolio.bars_queries(account, query, span):
        await in_turns(engine.market.prepare_bars(bars_query, span.now_ms))
    return portfolio.history(account, engine.market, query, equity, span)
