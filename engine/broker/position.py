"""An open position: its exact holding, its profit so far, and the market of its last trade.

Only `Account.evolve` changes it. margin.py values it, serializers.py writes it.
"""

from dataclasses import dataclass

from engine.broker.conversion import Conversion
from engine.broker.events import UNCONVERTED, Rate
from engine.broker.ledger import FLAT, Holding
from engine.models.market.instruments import Instrument
from engine.models.market.quotes import Quote


@dataclass(slots=True)
class OpenPosition:
    """A position that is open, or was just closed (quantity 0; `side` stays).

    Attributes:
        conversion: Of the instrument's money into the account's; None where both have one currency.
        realised: Realised profit since it was opened, in money units of the account's currency.
        quote, rate: The market and the rate of its last trade.
        mark: Prices of its last published profit: its mark, and those of its rate; derived, not part of the state.
    """

    instrument: Instrument
    conversion: Conversion | None = None
    holding: Holding = FLAT
    side: int = 1
    realised: int = 0
    update_time: int = 0
    quote: Quote | None = None
    rate: Rate = UNCONVERTED
    mark: int | tuple[int, ...] = 0
