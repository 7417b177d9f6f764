// @ts-check
/**
 * The rows of the depth ladder: size, cumulative size and the trader's own orders at each price. Pure.
 *
 * A ladder that follows the market begins with the best level of each side. A fixed one has a row for each price step around
 * its centre, so that prices keep their places and the market moves through them.
 *
 * @import {DOMLevel, Order, Side as SideCode} from "../types/tradingview.js"
 */
import { OrderStatus, Side, hasLimitPrice, hasStopPrice } from "./codes.js";

/** @typedef {{qty: number, side: SideCode, ids: string[]}} OwnOrders of one price; `side` is that of the first */

/**
 * @typedef {object} Rung
 * @property {number} price
 * @property {number | undefined} volume undefined: nothing is offered at this price
 * @property {number | undefined} total size of all levels from the best one to this one
 * @property {OwnOrders | undefined} own
 * @property {SideCode | undefined} side of an order that joins this price; undefined between bid and ask
 */

/** @typedef {{asks: DOMLevel[], bids: DOMLevel[]}} Book both sides ascending by price */
/** @typedef {{asks: Rung[], bids: Rung[]}} Ladder both sides from the centre outwards */

/**
 * @param {number} price
 * @param {number} tick
 */
const keyOf = (price, tick) => Math.round(price / tick);

/**
 * @param {Order[]} orders
 * @param {string} symbol
 * @param {number} tick smallest step of the price
 * @returns {Map<number, OwnOrders>} working orders by their price in ticks: the stop price until it is reached
 */
export function ownOrders(orders, symbol, tick) {
  /** @type {Map<number, OwnOrders>} */
  const found = new Map();
  for (const order of orders) {
    if (order.symbol !== symbol || order.status !== OrderStatus.Working) continue;
    const price = hasStopPrice(order.type) ? order.stopPrice : hasLimitPrice(order.type) ? order.limitPrice : undefined;
    if (price === undefined) continue;
    const key = keyOf(price, tick);
    const own = found.get(key) ?? { qty: 0, side: order.side, ids: [] };
    own.qty += order.qty - (order.filledQty ?? 0);
    own.ids.push(order.id);
    found.set(key, own);
  }
  return found;
}

/**
 * @param {DOMLevel[]} levels the best first
 * @param {number} tick
 * @returns {Map<number, {volume: number | undefined, total: number}>} by price in ticks
 */
function summed(levels, tick) {
  let total = 0;
  return new Map(levels.map(({ price, volume }) => {
    total += volume ?? 0;
    return [keyOf(price, tick), { volume: volume ?? undefined, total }];
  }));
}

/**
 * @param {Book} book
 * @param {Map<number, OwnOrders>} own
 * @param {{count: number, tick: number, center?: number}} options rows of each side; `center` fixes the ladder
 * @returns {Ladder}
 */
export function ladderOf({ asks, bids }, own, { count, tick, center }) {
  const offered = { asks: summed(asks, tick), bids: summed([...bids].reverse(), tick) };
  const bestAsk = asks.length ? keyOf(asks[0].price, tick) : Infinity;
  const bestBid = bids.length ? keyOf(bids[bids.length - 1].price, tick) : -Infinity;
  const rung = (/** @type {number} */ key) => {
    const isAsk = key >= bestAsk;
    const isBid = key <= bestBid;
    const level = isAsk ? offered.asks.get(key) : isBid ? offered.bids.get(key) : undefined;
    const side = isAsk ? Side.Sell : isBid ? Side.Buy : undefined;
    return { price: Number((key * tick).toFixed(10)), volume: level?.volume, total: level?.total, own: own.get(key), side };
  };
  if (center !== undefined) {
    const middle = keyOf(center, tick);
    const rows = Array.from({ length: count }, (_, index) => index);
    return { asks: rows.map((index) => rung(middle + index + 1)), bids: rows.map((index) => rung(middle - index)) };
  }
  const isAbove = (/** @type {[number, OwnOrders]} */ [key, { side }]) => key >= bestAsk || (key > bestBid && side === Side.Sell);
  const keys = (/** @type {Map<number, unknown>} */ levels, /** @type {boolean} */ areAsks) =>
    [...new Set([...levels.keys(), ...[...own].filter((entry) => isAbove(entry) === areAsks).map(([key]) => key)])];
  return {
    asks: keys(offered.asks, true).sort((one, other) => one - other).slice(0, count).map(rung),
    bids: keys(offered.bids, false).sort((one, other) => other - one).slice(0, count).map(rung),
  };
}

/**
 * @param {Book} book
 * @returns {number | undefined} the price between bid and ask
 */
export function middleOf({ asks, bids }) {
  return asks.length && bids.length ? (asks[0].price + bids[bids.length - 1].price) / 2 : undefined;
}

/**
 * Take changed levels over into a side of the book.
 * @param {DOMLevel[]} levels ascending by price
 * @param {DOMLevel[]} changes volume 0: the level is gone
 * @returns {DOMLevel[]} ascending by price
 */
export function mergeLevels(levels, changes) {
  const byPrice = new Map(levels.map(({ price, volume }) => [price, volume]));
  for (const { price, volume } of changes) byPrice.set(price, volume);
  return [...byPrice].filter(([, volume]) => volume !== 0).map(([price, volume]) => ({ price, volume }))
    .sort((a, b) => a.price - b.price);
}
