"""Whether an instrument is traded now: trading hours and halts. Used by the pre-trade checks and by the commands."""

from engine.broker import matching
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.market_view import MarketView
from engine.errors import Reason, Refusal
from engine.models.market.instruments import Instrument


def closed_refusal(instrument: Instrument, market: MarketView) -> Refusal | None:
    """Return the refusal while an instrument is not traded: HALTED or MARKET_CLOSED; else None."""
    if market.is_open(instrument.name):
        return None
    if market.is_halted(instrument.name):
        return Refusal(Reason.HALTED, f"trading in {instrument.name} is halted")
    return Refusal(Reason.MARKET_CLOSED, f"the market of {instrument.name} is closed")


def is_marketable_in_halt(
    account: Account, terms: Terms, side: int, instrument: Instrument, market: MarketView
) -> bool:
    """Whether a halt alone keeps a limit order from trading on the current quote."""
    return (
        market.is_halted(instrument.name)
        and account.profile.fill_model == "market"
        and terms.stop_price is None
        and terms.limit_price is not None
        and matching.is_marketable(side, terms.limit_price, market.quote(instrument.name))
    )
