// @ts-check
/**
 * The prices that the ticket proposes until the trader types others: a limit at the quote of its own side, a stop beyond the
 * market. An order with these prices never trades at once. Pure.
 *
 * @import {OrderType as TypeCode, Realtime, Side as SideCode} from "../types/tradingview.js"
 */
import { OrderType, Side, hasLimitPrice, hasStopPrice } from "../lib/codes.js";

/** Distance of a proposed stop from the market: the larger of a share of the price and a number of spreads. */
const STOP_SHARE = 0.002;
const STOP_SPREADS = 10;

/**
 * @typedef {object} Proposal
 * @property {number} [limitPrice]
 * @property {number} [stopPrice]
 */

/**
 * @param {number} price
 * @param {number} tick
 * @param {SideCode} direction up for Buy, down for Sell
 */
function roundedAway(price, tick, direction) {
  const ticks = price / tick;
  const whole = Math.round(ticks);
  if (Math.abs(ticks - whole) < 1e-6) return whole * tick;
  return (direction === Side.Buy ? Math.ceil(ticks) : Math.floor(ticks)) * tick;
}

/**
 * @param {{type: TypeCode, side: SideCode}} order
 * @param {Realtime} quote
 * @param {number} tick smallest step of the price
 * @param {number} [stop] the stop price that the trader typed
 * @returns {Proposal} only the prices that an order of this type has; none without a quote
 */
export function proposedPrices({ type, side }, { bid, ask }, tick, stop) {
  if (bid === undefined || ask === undefined) return {};
  const isBuy = side === Side.Buy;
  if (!hasStopPrice(type)) return hasLimitPrice(type) ? { limitPrice: isBuy ? bid : ask } : {};
  const distance = Math.max(ask * STOP_SHARE, (ask - bid) * STOP_SPREADS, tick);
  const market = isBuy ? ask : bid;
  const stopPrice = roundedAway(market + side * distance, tick, side);
  if (type !== OrderType.StopLimit) return { stopPrice };
  return { stopPrice, limitPrice: roundedAway((stop ?? stopPrice) + (side * distance) / 2, tick, side) };
}
