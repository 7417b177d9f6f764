// Generated from the specs by `make clients`; changes belong into the server's models.

/** Status of an order; Filled, Canceled and Rejected are final. */
export const OrderStatus = {
  CANCELED: 1,
  FILLED: 2,
  INACTIVE: 3,
  PLACING: 4,
  REJECTED: 5,
  WORKING: 6,
} as const;

/** Type of an order. */
export const OrderType = {
  LIMIT: 1,
  MARKET: 2,
  STOP: 3,
  STOP_LIMIT: 4,
} as const;

/** Kind of the parent of a bracket. */
export const ParentType = {
  ORDER: 1,
  POSITION: 2,
  INDIVIDUAL_POSITION: 3,
} as const;

/** Direction: the sign of the quantity. */
export const Side = {
  BUY: 1,
  SELL: -1,
} as const;

/** Kind of a stop order. */
export const StopType = {
  STOP_LOSS: 0,
  TRAILING: 1,
  GUARANTEED: 2,
} as const;
