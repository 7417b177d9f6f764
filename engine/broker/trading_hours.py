"""Whether anything trades now: the hours of a market, and halts. Rules that read; `decisions` refuses by them."""

from engine.broker import matching
from engine.broker.account import Account
from engine.broker.events import Terms
from engine.broker.margin import ApiError
from engine.broker.moment import Moment
from engine.errors import Reason
from engine.models.market.instruments import Instrument


def shut_refusal(instrument: Instrument, moment: Moment) -> ApiError | None:
    """Return why nothing trades in an instrument now, None while it does."""
    if moment.is_open(instrument.name):
        return None
    if moment.is_halted(instrument.name):
        return Reason.HALTED, f"trading in {instrument.name} is halted"
    return Reason.MARKET_CLOSED, f"the market of {instrument.name} is closed"


def is_held_up(account: Account, terms: Terms, side: int, instrument: Instrument, moment: Moment) -> bool:
    """Whether a halt alone keeps a limit order from taking the quote that stands."""
    return (
        moment.is_halted(instrument.name)
        and account.profile.fill_model == "market"
        and terms.stop_price is None
        and terms.limit_price is not None
        and matching.is_marketable(side, terms.limit_price, moment.quotes(instrument.name))
    )
