// @ts-check
/**
 * Orders that are placed and moved on the chart: which ones are safe at a price, which price a place on the chart means, and
 * whether an order would trade at once. Pure. `views/chart-trading.js` asks the trader and sends them.
 *
 * @import {Brackets, Order, OrderType as TypeCode, Realtime, Side as SideCode} from "../types/tradingview.js"
 */
import { OrderStatus, OrderType, Side, hasLimitPrice, sideName } from "./codes.js";
import { decimalsOf, price as writePrice } from "./format.js";

/** @typedef {"takeProfit" | "stopLoss"} BracketKind */
/** @typedef {{side: SideCode, type: TypeCode, name: string}} OrderChoice */
/** @typedef {"limitPrice" | "stopPrice"} PriceField */

/** @type {Record<BracketKind, string>} */
export const BRACKET_NAMES = { takeProfit: "Take profit", stopLoss: "Stop loss" };

/**
 * Round a price to the steps of the instrument.
 * @param {number} price
 * @param {number} tick
 */
export function roundToTick(price, tick) {
  return Number((Math.round(price / tick) * tick).toFixed(decimalsOf(tick)));
}

/**
 * The orders that rest at a price: limits on the near side of the market, stops on the far side. Without a quote there are none.
 * @param {number} price
 * @param {Realtime} quote
 * @returns {OrderChoice[]}
 */
export function orderChoices(price, quote) {
  /** @type {[SideCode, TypeCode, string][]} */
  const all = [
    [Side.Buy, OrderType.Limit, "limit"], [Side.Sell, OrderType.Limit, "limit"], [Side.Buy, OrderType.Stop, "stop"],
    [Side.Sell, OrderType.Stop, "stop"],
  ];
  if (quote.bid === undefined || quote.ask === undefined) return [];
  return all.filter(([side, type]) => !tradesAtOnce({ side, type }, price, quote))
    .map(([side, type, kind]) => ({ side, type, name: `${sideName(side)} ${kind}` }));
}

/**
 * @param {{side: SideCode, type: TypeCode}} order of one price
 * @param {number} price
 * @param {Realtime} quote
 */
function tradesAtOnce({ side, type }, price, { bid, ask }) {
  const market = side === Side.Buy ? ask : bid;
  if (market === undefined) return false;
  const distance = (price - market) * side;
  return hasLimitPrice(type) ? distance >= 0 : distance <= 0;
}

/**
 * Warn of a price at which an order trades at once; empty for a price at which it rests.
 * @param {{side: SideCode, type: TypeCode}} order of one price
 * @param {number} price
 * @param {Realtime} quote
 * @param {number} decimals
 */
export function crossingText(order, price, quote, decimals) {
  if (!tradesAtOnce(order, price, quote)) return "";
  const market = order.side === Side.Buy ? quote.ask : quote.bid;
  const isLimit = hasLimitPrice(order.type);
  const what = `A ${isLimit ? "limit" : "stop"} at ${writePrice(price, decimals)}`;
  return `${what} would ${isLimit ? "trade" : "trigger"} at once: the market is at ${writePrice(market, decimals)}.`;
}

/**
 * The part of an order that has one price, for `crossingText`. An order that does not work yet cannot trade: null.
 * @param {Pick<Order, "side" | "status">} order
 * @param {PriceField} field
 * @returns {{side: SideCode, type: TypeCode} | null}
 */
export function partOf({ side, status }, field) {
  if (status !== OrderStatus.Working) return null;
  return { side, type: field === "limitPrice" ? OrderType.Limit : OrderType.Stop };
}

/**
 * The order that a bracket of a position becomes.
 * @param {SideCode} side of the position
 * @param {BracketKind} kind
 * @returns {{side: SideCode, type: TypeCode}}
 */
export function bracketOrder(side, kind) {
  return { side: side === Side.Buy ? Side.Sell : Side.Buy, type: kind === "takeProfit" ? OrderType.Limit : OrderType.Stop };
}

/**
 * Brackets with one of them moved or added. A stop loss takes the place of any other stop: there is at most one.
 * @param {Brackets} brackets
 * @param {BracketKind} kind
 * @param {number} price
 * @returns {Brackets}
 */
export function withBracket({ takeProfit, stopLoss, trailingStopPips, guaranteedStop }, kind, price) {
  if (kind === "stopLoss") return { takeProfit, stopLoss: price };
  return { takeProfit: price, stopLoss, trailingStopPips, guaranteedStop };
}

/**
 * Columns of tags beside each other, so that tags of lines with nearly the same price do not cover each other.
 * @param {(number | null)[]} tops in pixels; null for one that is not visible
 * @param {number} height of a tag in pixels
 * @returns {number[]} the column of each tag, from 0
 */
export function tagColumns(tops, height) {
  const columns = tops.map(() => 0);
  const visible = [...tops.keys()].filter((index) => tops[index] !== null);
  visible.sort((one, other) => Number(tops[one]) - Number(tops[other]));
  /** Lower end of the last tag of each column. @type {number[]} */
  const ends = [];
  for (const index of visible) {
    const top = Number(tops[index]);
    let column = ends.findIndex((end) => end <= top);
    if (column < 0) column = ends.length;
    ends[column] = top + height;
    columns[index] = column;
  }
  return columns;
}
