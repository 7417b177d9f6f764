// @ts-check
/**
 * Marks of the account on a chart: lines for working orders and the position, arrows for executions. Pure: state in,
 * marks out; the plot draws them.
 *
 * @import {Bar, Order, Position} from "../types/tradingview.js"
 * @import {BracketKind, PriceField} from "../lib/chart-orders.js"
 * @import {State} from "../state.js"
 */
import { Side, StopType, hasLimitPrice, hasStopPrice, isFinal, kindOf, sideName } from "../lib/codes.js";
import { price as writePrice, qty, signed } from "../lib/format.js";

/** The tag of a position has room for a profit of this share of its cost, so that ticks do not change the tag's width. */
const PROFIT_ROOM = 0.1;

/**
 * @typedef {object} LineMark
 * @property {string} key
 * @property {number} price
 * @property {string} title
 * @property {Profit} [profit] of a position
 * @property {"up" | "down" | "accent"} tone
 * @property {boolean} isSolid
 * @property {LineSubject} subject
 * @property {boolean} isMovable it can be dragged
 * @property {string} remove text for the button that cancels, closes or deletes; empty: it has none
 * @property {BracketKind[]} pulls brackets that can be pulled out of it
 */

/** @typedef {{text: string, room: number}} Profit `room` is the number of characters that are kept for it */
/** @typedef {{kind: "order", id: string, field: PriceField}} OrderSubject */
/** @typedef {OrderSubject | {kind: "position", id: string} | {kind: "drawing", id: string} | {kind: "draft", id: ""}} LineSubject */

/**
 * @typedef {object} ArrowMark
 * @property {number} time epoch milliseconds of the bar it belongs to
 * @property {number} price low of that bar for a purchase, high for a sale
 * @property {string} text
 * @property {boolean} isBuy
 */

/**
 * @param {string} symbol
 * @param {Pick<State, "orders" | "positions" | "individualPositions">} state
 * @returns {LineMark[]}
 */
export function lineMarks(symbol, { orders, positions, individualPositions }) {
  const working = orders.values().filter((order) => order.symbol === symbol && !isFinal(order.status));
  const held = positions.values().filter((position) => position.symbol === symbol);
  const isHedged = individualPositions.values().some((one) => one.symbol === symbol);
  return [...working.flatMap(orderLines), ...held.map(isHedged ? netPositionLine : positionLine)];
}

/**
 * The brackets of a hedging account belong to its individual positions.
 * @param {Position} position
 * @returns {LineMark}
 */
function netPositionLine(position) {
  const mark = positionLine(position);
  return { ...mark, key: `net ${mark.key}`, pulls: [] };
}

/**
 * @param {string} symbol
 * @param {Pick<State, "executions">} state
 * @param {Bar[]} bars ascending
 * @returns {ArrowMark[]} ascending by time
 */
export function arrowMarks(symbol, { executions }, bars) {
  return executions.values()
    .filter((execution) => execution.symbol === symbol)
    .flatMap((execution) => {
      const bar = barAt(bars, execution.time);
      const text = `${sideName(execution.side)} ${qty(execution.qty)}`;
      const isBuy = execution.side === Side.Buy;
      return bar === null ? [] : [{ time: bar.time, price: isBuy ? bar.low : bar.high, text, isBuy }];
    })
    .sort((a, b) => a.time - b.time);
}

/**
 * Text of the marker at an edge of the chart for the lines beyond it.
 * @param {"above" | "below"} place
 * @param {LineMark[]} lines
 * @param {number} decimals of prices
 * @returns {{text: string, hint: string}} the hint lists every line
 */
export function edgeText(place, lines, decimals) {
  const sorted = [...lines].sort((one, other) => other.price - one.price);
  const write = (/** @type {LineMark} */ { price, title }) => `${title} at ${writePrice(price, decimals)}`;
  const arrow = place === "above" ? "▲" : "▼";
  if (sorted.length < 2) return { text: sorted.map((line) => `${arrow} ${write(line)}`).join(""), hint: "Show on the chart" };
  const [low, high] = [sorted[sorted.length - 1].price, sorted[0].price].map((value) => writePrice(value, decimals));
  return {
    text: `${arrow} ${sorted.length} ${place}: ${low === high ? low : `${low} to ${high}`}`,
    hint: ["Show on the chart:", ...sorted.map(write)].join("\n"),
  };
}

/**
 * @param {Position} position
 * @returns {LineMark}
 */
function positionLine({ id, avgPrice, pl, qty: size, side }) {
  return {
    key: `position:${id}`,
    price: avgPrice,
    title: `${side === Side.Buy ? "Long" : "Short"} ${qty(size)}`,
    profit: { text: signed(pl), room: signed(-avgPrice * size * PROFIT_ROOM).length },
    tone: (pl ?? 0) >= 0 ? "up" : "down",
    isSolid: true,
    subject: { kind: "position", id },
    isMovable: false,
    remove: "Close",
    pulls: ["takeProfit", "stopLoss"],
  };
}

/**
 * A stop-limit order has two lines. A trailing stop follows the market, so it cannot be dragged.
 * @param {Order} order
 * @returns {LineMark[]}
 */
function orderLines(order) {
  const { id, type, side, qty: size, parentId, stopType } = order;
  /** @type {BracketKind[]} */
  const pulls = parentId === undefined && stopType !== StopType.TrailingStop ? ["takeProfit", "stopLoss"] : [];
  /** @returns {LineMark[]} */
  const line = (/** @type {string} */ name, /** @type {PriceField} */ field) => (order[field] === undefined ? [] : [{
    key: `${name}:${id}`,
    price: order[field],
    title: parentId === undefined
      ? `${sideName(side)} ${qty(size)} ${kindOf({ type, stopType }).toLowerCase()}`
      : `${kindOf({ type, parentId, stopType })} ${qty(size)}`,
    tone: side === Side.Buy ? "up" : "down",
    isSolid: false,
    subject: { kind: "order", id, field },
    isMovable: stopType !== StopType.TrailingStop,
    remove: "Cancel",
    pulls,
  }]);
  return [...(hasLimitPrice(type) ? line("limit", "limitPrice") : []), ...(hasStopPrice(type) ? line("stop", "stopPrice") : [])];
}

/** @typedef {{key: string, price: number, title: string, tone: LineMark["tone"]}} Draft a line that is not sent yet */

/**
 * The lines with the one that is being moved or added at its new price.
 * @param {LineMark[]} lines
 * @param {Draft | null} draft the key of a line that is there, or of a new one
 * @returns {LineMark[]}
 */
export function withDraft(lines, draft) {
  if (draft === null) return lines;
  if (lines.some(({ key }) => key === draft.key)) {
    return lines.map((line) => (line.key === draft.key ? { ...line, price: draft.price } : line));
  }
  return [...lines, { ...draft, isSolid: true, subject: { kind: "draft", id: "" }, isMovable: true, remove: "Discard", pulls: [] }];
}

/**
 * Find the bar in which something happened; null before the first one.
 * @param {Bar[]} bars ascending
 * @param {number} time epoch milliseconds
 * @returns {Bar | null}
 */
export function barAt(bars, time) {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars[middle].time <= time) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : bars[low - 1];
}
