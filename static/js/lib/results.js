// @ts-check
/**
 * What trading brought: profit by trade, day and symbol, and the drawdown of the equity. Pure. Amounts are in the currency of the
 * account; days are those of UTC.
 *
 * A trade here is an execution that closes a position or a part of it. Its profit is the money received less the average cost of
 * what it closes. Commissions count on the day of their execution, also those of executions that open a position.
 *
 * @import {EquityPoint, Execution} from "../types/tradingview.js"
 */

const DAY_MS = 86_400_000;
/** Most points of the curve. */
const MAX_POINTS = 600;
/** Length of a period in milliseconds, by the resolution of the equity history. @type {[string, number][]} */
const RESOLUTIONS = [["1", 60_000], ["5", 300_000], ["15", 900_000], ["60", 3_600_000], ["1D", DAY_MS]];

/**
 * @typedef {object} Booking one execution and what it realised
 * @property {string} symbol
 * @property {number} time epoch milliseconds
 * @property {number} profit before commissions; 0 for an execution that only opens
 * @property {number} fees
 * @property {boolean} isTrade it closed something
 */

/**
 * @typedef {object} Group results of a day or a symbol
 * @property {string} name the day as YYYY-MM-DD, or the symbol
 * @property {number} net profit less fees
 * @property {number} profit
 * @property {number} fees
 * @property {number} trades
 */

/**
 * @typedef {object} Summary
 * @property {number} net profit less fees
 * @property {number} profit
 * @property {number} fees
 * @property {number} trades
 * @property {number | undefined} winRate share of the trades with a profit, 0 to 1
 * @property {number | undefined} averageWin
 * @property {number | undefined} averageLoss below zero
 * @property {number | undefined} profitFactor sum of wins for each unit of losses
 */

/** @typedef {{time: number, equity: number, drawdown: number}} CurvePoint `drawdown` is the equity less its highest value before */

/**
 * @param {Execution[]} executions all of an account, oldest first
 * @returns {Booking[]} one for each of them
 */
export function bookings(executions) {
  /** Quantity (below zero when short) and money paid for it, by symbol. @type {Map<string, {qty: number, cost: number}>} */
  const holdings = new Map();
  return executions.map(({ symbol, time, side, qty, price, commission = 0, netAmount = -side * qty * price - commission }) => {
    const held = holdings.get(symbol) ?? { qty: 0, cost: 0 };
    const received = netAmount + commission;
    const closed = Math.sign(held.qty) === -side ? Math.min(qty, Math.abs(held.qty)) : 0;
    const closedCost = closed ? held.cost * (closed / Math.abs(held.qty)) : 0;
    const opened = qty - closed;
    const rest = held.qty + side * qty;
    holdings.set(symbol, { qty: Math.abs(rest) < 1e-9 ? 0 : rest, cost: held.cost - closedCost - received * (opened / qty) });
    return { symbol, time, profit: closed ? received * (closed / qty) - closedCost : 0, fees: commission, isTrade: closed > 0 };
  });
}

/**
 * @param {Booking[]} items
 * @returns {Summary}
 */
export function summaryOf(items) {
  const total = { profit: 0, fees: 0, trades: 0, wins: 0, losses: 0, won: 0, lost: 0 };
  for (const { profit, fees, isTrade } of items) {
    total.profit += profit;
    total.fees += fees;
    if (!isTrade) continue;
    total.trades += 1;
    if (profit > 0) [total.wins, total.won] = [total.wins + 1, total.won + profit];
    if (profit < 0) [total.losses, total.lost] = [total.losses + 1, total.lost + profit];
  }
  const { profit, fees, trades, wins, losses, won, lost } = total;
  return {
    net: profit - fees, profit, fees, trades, winRate: trades ? wins / trades : undefined,
    averageWin: wins ? won / wins : undefined, averageLoss: losses ? lost / losses : undefined, profitFactor: lost ? won / -lost : undefined,
  };
}

/**
 * @param {Booking[]} items
 * @param {(item: Booking) => string} nameOf
 * @returns {Group[]} in the order of their first booking
 */
function grouped(items, nameOf) {
  /** @type {Map<string, Booking[]>} */
  const groups = new Map();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups].map(([name, members]) => {
    const { net, profit, fees, trades } = summaryOf(members);
    return { name, net, profit, fees, trades };
  });
}

/** @param {Booking[]} items */
export function byDay(items) {
  return grouped(items, ({ time }) => dayOf(time));
}

/** @param {Booking[]} items */
export function bySymbol(items) {
  return grouped(items, ({ symbol }) => symbol);
}

/** @param {number} time epoch milliseconds */
export function dayOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * @param {EquityPoint[]} points oldest first
 * @returns {{points: CurvePoint[], deepest: number, deepestShare: number}} the largest drawdown as an amount and as a share of the highest equity
 */
export function equityCurve(points) {
  let highest = -Infinity;
  let [deepest, deepestShare] = [0, 0];
  const curve = points.map(({ time, equity }) => {
    highest = Math.max(highest, equity);
    const drawdown = equity - highest;
    if (drawdown < deepest) deepest = drawdown;
    if (highest > 0) deepestShare = Math.min(deepestShare, drawdown / highest);
    return { time, equity, drawdown };
  });
  return { points: curve, deepest, deepestShare };
}

/**
 * The finest resolution whose points a curve has room for.
 * @param {{from: number, to: number}} range epoch milliseconds
 */
export function resolutionOf({ from, to }) {
  return (RESOLUTIONS.find(([, length]) => (to - from) / length <= MAX_POINTS) ?? RESOLUTIONS[RESOLUTIONS.length - 1])[0];
}

/**
 * @param {string} period "today", "7", "30", "all", or "dates" with the two days
 * @param {number} now epoch milliseconds
 * @param {{first: string, last: string}} days YYYY-MM-DD; an empty one has no limit
 * @returns {{from: number, to: number}} epoch milliseconds, the end exclusive
 */
export function rangeOf(period, now, { first, last }) {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const tomorrow = today + DAY_MS;
  if (period === "today") return { from: today, to: tomorrow };
  if (period === "dates") return { from: first ? Date.parse(first) : 0, to: last ? Date.parse(last) + DAY_MS : tomorrow };
  return { from: period === "all" ? 0 : tomorrow - Number(period) * DAY_MS, to: tomorrow };
}
