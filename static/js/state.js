// @ts-check
/**
 * Everything the page knows, in one place: the host writes it, the views read it.
 *
 * @import * as TV from "./types/tradingview.js"
 */
import { ConnectionStatus, isFinal } from "./lib/codes.js";
import { Collection, Value } from "./lib/store.js";

/**
 * @typedef {object} LogEntry
 * @property {number} time epoch milliseconds of the market
 * @property {string} title
 * @property {string} text
 * @property {boolean} isError
 * @property {string} [key] what it is about: its toast takes the place of an earlier one with the same key
 * @property {{name: string, label: string, run: () => void}} [action] a button in its toast
 */

const EXECUTION_LIMIT = 1000;
const ORDER_LIMIT = 1000;

/**
 * @param {string} symbol shown first
 * @param {string} [resolution] of the first bars
 */
export function createState(symbol, resolution = "1") {
  return {
    symbol: new Value(symbol),
    resolution: new Value(resolution),
    /** "system", "light" or "dark". */
    theme: new Value("system"),
    orders: /** @type {Collection<TV.Order>} */ (
      new Collection({ limit: ORDER_LIMIT, isDroppable: (order) => isFinal(order.status) })),
    positions: /** @type {Collection<TV.Position>} */ (new Collection()),
    /** Of hedging accounts: the open part of each opening order. */
    individualPositions: /** @type {Collection<TV.IndividualPosition>} */ (new Collection()),
    executions: /** @type {Collection<TV.Execution>} */ (new Collection({ limit: EXECUTION_LIMIT })),
    quotes: /** @type {Collection<TV.QuoteData>} */ (new Collection()),
    realtime: /** @type {Collection<TV.Realtime>} */ (new Collection()),
    money: /** @type {Value<TV.Money | null>} */ (new Value(null)),
    /** Depth of `symbol`; null where there is none. */
    depth: /** @type {Value<{symbol: string, asks: TV.DOMLevel[], bids: TV.DOMLevel[]} | null>} */ (new Value(null)),
    accounts: new Value(/** @type {TV.AccountMetainfo[]} */ ([])),
    account: new Value(""),
    durations: new Value(/** @type {TV.OrderDurationMetaInfo[]} */ ([])),
    pipValues: /** @type {Collection<{buyPipValue: number, sellPipValue: number}>} */ (new Collection()),
    /** Clock of the server; null where it offers no control of it. */
    clock: /** @type {Value<TV.ClockState | null>} */ (new Value(null)),
    socket: /** @type {Value<TV.ConnectionState>} */ (new Value({ status: ConnectionStatus.Connecting })),
    broker: /** @type {Value<TV.ConnectionState>} */ (new Value({ status: ConnectionStatus.Connecting })),
    /** Minutes of market time since 1970: what depends on trading hours is painted when it changes. */
    minute: new Value(0),
    log: new Value(/** @type {LogEntry[]} */ ([])),
  };
}

/** @typedef {ReturnType<typeof createState>} State */
