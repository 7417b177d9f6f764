// @ts-check
/**
 * The rows of the positions table: each net position, and below it the individual positions of a hedging account. Pure.
 *
 * @import {IndividualPosition, Position} from "../types/tradingview.js"
 */

/**
 * A position of the table. An individual one has `net`: its net position, or null while the net quantity is 0.
 * @typedef {Position & {net?: Position | null, date?: number, canBeClosed?: boolean}} PositionRow
 */

/**
 * @param {Position[]} positions
 * @param {IndividualPosition[]} individual
 * @returns {PositionRow[]}
 */
export function positionRows(positions, individual) {
  const held = new Set(positions.map(({ symbol }) => symbol));
  const row = (/** @type {IndividualPosition} */ one, /** @type {Position | null} */ net) => ({ ...one, avgPrice: one.price, mark: net?.mark, net });
  return [
    ...positions.flatMap((net) => [net, ...individual.filter(({ symbol }) => symbol === net.symbol).map((one) => row(one, net))]),
    ...individual.filter(({ symbol }) => !held.has(symbol)).map((one) => row(one, null)),
  ];
}

/**
 * Value that rows are sorted by: individual positions stay below their net position.
 * @template T
 * @param {(position: PositionRow) => T} value
 * @returns {(row: PositionRow) => T}
 */
export function byNet(value) {
  return (row) => value(row.net ?? row);
}

/**
 * Prices of a bracket: that of the whole position, or those of its exit levels.
 * @param {PositionRow} row
 * @param {"takeProfit" | "stopLoss"} name
 * @returns {number[]}
 */
export function bracketPrices(row, name) {
  const prices = [row[name], ...(row.exitLevels ?? []).map((level) => level[name])];
  return prices.filter((price) => price !== undefined && price !== null);
}
