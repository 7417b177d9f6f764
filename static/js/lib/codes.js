// @ts-check
/**
 * TradingView's enumerations, as numbers on the wire and in the page, and the words traders read for them.
 */

export const Side = /** @type {const} */ ({ Buy: 1, Sell: -1 });

export const OrderType = /** @type {const} */ ({ Limit: 1, Market: 2, Stop: 3, StopLimit: 4 });

export const OrderStatus = /** @type {const} */ ({
  Canceled: 1, Filled: 2, Inactive: 3, Placing: 4, Rejected: 5, Working: 6,
});

export const StopType = /** @type {const} */ ({ StopLoss: 0, TrailingStop: 1, GuaranteedStop: 2 });

export const ParentType = /** @type {const} */ ({ Order: 1, Position: 2, IndividualPosition: 3 });

export const ConnectionStatus = /** @type {const} */ ({ Connected: 1, Connecting: 2, Disconnected: 3, Error: 4 });

/** The platform's reasons of a lost broker connection that this page tells. */
export const DisconnectType = /** @type {const} */ ({ BrokenConnection: 8, FailedSignIn: 10 });

export const NotificationType = /** @type {const} */ ({ Error: 0, Success: 1 });

/** @type {Record<number, string>} */
export const ORDER_TYPE_NAMES = { 1: "Limit", 2: "Market", 3: "Stop", 4: "Stop limit" };

/** @type {Record<number, string>} */
export const ORDER_STATUS_NAMES = {
  1: "Canceled", 2: "Filled", 3: "Inactive", 4: "Placing", 5: "Rejected", 6: "Working",
};

/** @type {Record<number, string>} */
export const CONNECTION_NAMES = { 1: "Connected", 2: "Connecting", 3: "Disconnected", 4: "Error" };

/**
 * @param {number} side
 * @returns {"Buy" | "Sell"}
 */
export function sideName(side) {
  return side === Side.Buy ? "Buy" : "Sell";
}

/**
 * Whether an order of this status can never change again.
 * @param {number} status
 */
export function isFinal(status) {
  return status === OrderStatus.Canceled || status === OrderStatus.Filled || status === OrderStatus.Rejected;
}

/**
 * Whether orders of this type carry a limit price.
 * @param {number} type
 */
export function hasLimitPrice(type) {
  return type === OrderType.Limit || type === OrderType.StopLimit;
}

/**
 * Whether orders of this type carry a stop price.
 * @param {number} type
 */
export function hasStopPrice(type) {
  return type === OrderType.Stop || type === OrderType.StopLimit;
}

/**
 * Name an order by what it does: a bracket by its purpose, any other by its type.
 * @param {{type: number, parentId?: string, stopType?: number}} order
 * @returns {string}
 */
export function kindOf({ type, parentId, stopType }) {
  if (stopType === StopType.TrailingStop) return "Trailing stop";
  if (stopType === StopType.GuaranteedStop) return "Guaranteed stop";
  if (parentId !== undefined) return type === OrderType.Limit ? "Take profit" : "Stop loss";
  return ORDER_TYPE_NAMES[type];
}
