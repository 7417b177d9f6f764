"""The features of this broker, and the trading facts of an instrument."""

import json
from pathlib import Path
from typing import Any

from pydantic import create_model

from engine.models.broker.account import AccountSubscription
from engine.models.broker.orders import OrderType
from engine.models.common import Name, Number, WireModel


class QtyInfo(WireModel):
    """Quantity range and step."""

    min: Number
    max: Number
    step: Number
    default: Number


class InstrumentInfo(WireModel):
    """Trading facts of one instrument. Source: TradingView, InstrumentInfo."""

    symbol: str
    description: str
    type: str
    qty: QtyInfo
    pipSize: Number
    pipValue: Number
    minTick: Number
    variableMinTick: str | None
    lotSize: Number
    limitPriceStep: Number
    stopPriceStep: Number
    bigPointValue: Number
    marginRate: Number
    leverage: str
    currency: str
    baseCurrency: str | None
    quoteCurrency: str | None
    allowedDurations: list[str]
    allowedOrderTypes: list[OrderType]


class PipValues(WireModel):
    """Value of a pip of one lot in the account's currency, for a buy and for a sell. Source: pipValueUpdate."""

    symbol: Name
    buyPipValue: Number
    sellPipValue: Number


class PipValueSubscriptionRequest(AccountSubscription):
    """The account and the symbol of a `pip-value` subscription."""

    symbol: Name


class DurationInfo(WireModel):
    """A supported time in force. Source: TradingView, OrderDurationMetaInfo."""

    name: str
    value: str
    hasDatePicker: bool
    hasTimePicker: bool
    default: bool
    supportedOrderTypes: list[OrderType] | None


FEATURES: dict[str, bool] = json.loads(Path(__file__).with_name("features.json").read_text())
"""TradingView's BrokerConfigFlags, each true where this server supports the feature."""

flag_fields: dict[str, Any] = dict.fromkeys(FEATURES, bool)
BrokerConfig = create_model(
    "BrokerConfig",
    __base__=WireModel,
    __doc__="`GET /broker/config`: the flags and the supported durations.",
    **flag_fields,
    durations=list[DurationInfo],
)
