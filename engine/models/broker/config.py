"""The features of this broker, and the trading facts of an instrument."""

from engine.models.broker.orders import OrderType
from engine.models.common import Number, WireModel


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


class DurationInfo(WireModel):
    """A supported time in force. Source: TradingView, OrderDurationMetaInfo."""

    name: str
    value: str
    hasDatePicker: bool
    hasTimePicker: bool
    default: bool
    supportedOrderTypes: list[OrderType] | None


class BrokerConfigFlags(WireModel):
    """Flags of TradingView's BrokerConfigFlags; each is true where this server supports the feature."""

    supportPositions: bool
    supportPLUpdate: bool
    supportMarketOrders: bool
    supportLimitOrders: bool
    supportStopOrders: bool
    supportStopLimitOrders: bool
    supportMarketBrackets: bool
    supportOrderBrackets: bool
    supportPositionBrackets: bool
    supportModifyBrackets: bool
    supportAddBracketsToExistingOrder: bool
    supportModifyOrderPrice: bool
    supportModifyOrderType: bool
    supportModifyDuration: bool
    supportEditAmount: bool
    supportTrailingStop: bool
    supportModifyTrailingStop: bool
    supportGuaranteedStop: bool
    supportClosePosition: bool
    supportPartialClosePosition: bool
    supportReversePosition: bool
    supportNativeReversePosition: bool
    supportMargin: bool
    supportLeverage: bool
    supportLeverageButton: bool
    supportPlaceOrderPreview: bool
    supportModifyOrderPreview: bool
    supportOrdersHistory: bool
    supportExecutions: bool
    supportSymbolSearch: bool
    supportStopOrdersInBothDirections: bool
    supportDemoLiveSwitcher: bool
    showNotificationsLog: bool
    closePositionCancelsOrders: bool


class BrokerConfig(BrokerConfigFlags):
    """`GET /broker/config`: the flags and the supported durations."""

    durations: list[DurationInfo]
