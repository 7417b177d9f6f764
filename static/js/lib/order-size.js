// @ts-check
/**
 * The quantity of an order from a size in units, money, percent of the equity, or percent of the equity at risk until the stop.
 * Pure. The quantity is rounded down to the step of the instrument, so an order never costs or risks more than was asked for.
 */

/** @typedef {"units" | "money" | "equity" | "risk"} SizeUnit */

/** @type {[SizeUnit, name: string, hint: string][]} */
export const SIZE_UNITS = [
  ["units", "Units", "Quantity"],
  ["money", "Money", "Value of the order in the currency of the account"],
  ["equity", "% equity", "Value of the order in percent of the equity"],
  ["risk", "% risk", "Loss at the stop in percent of the equity"],
];

/**
 * @typedef {object} SizeFacts
 * @property {number} [price] at which the order is expected to trade
 * @property {number} [stopDistance] from that price to the protective stop
 * @property {number} [equity] of the account
 * @property {number} [pointValue] money that one unit gains when the price rises by 1, in the currency of the account
 * @property {number} [step] of the quantity
 */

/** Share of a step by which a quotient may miss a whole number of steps. */
const TOLERANCE = 1e-6;
const SMALLEST_STEPS = { units: 0, money: 1, equity: 0.1, risk: 0.1 };

/**
 * @param {import("../types/tradingview.js").InstrumentInfo} info
 * @returns {number} see `SizeFacts`
 */
export function pointValueOf({ pipValue, pipSize, lotSize = 1 }) {
  return pipValue / pipSize / lotSize;
}

/**
 * @param {SizeUnit} unit
 * @param {number} value
 * @param {SizeFacts} facts
 * @returns {number} NaN while a fact is missing
 */
export function quantityOf(unit, value, { price = NaN, stopDistance = NaN, equity = NaN, pointValue = NaN, step = NaN }) {
  if (unit === "units") return value;
  const money = unit === "money" ? value : (equity * value) / 100;
  const perUnit = (unit === "risk" ? stopDistance : price) * pointValue;
  const steps = money / perUnit / step;
  return Number.isFinite(steps) ? Number((Math.floor(steps + TOLERANCE) * step).toFixed(8)) : NaN;
}

/**
 * Why a size makes no quantity.
 * @param {SizeUnit} unit
 * @param {number} value
 * @param {SizeFacts} facts
 * @returns {string} empty when it makes one
 */
export function missingForSize(unit, value, facts) {
  if (unit === "units") return "";
  if (Number.isNaN(value)) return "Enter a size.";
  if (value <= 0) return "The size must be above zero.";
  if (unit === "risk" && !facts.stopDistance) return "Enter a stop loss: the size follows from its distance.";
  const quantity = quantityOf(unit, value, facts);
  if (Number.isNaN(quantity)) return "The size cannot be computed without a price.";
  return quantity > 0 ? "" : `The size is less than the smallest quantity, ${facts.step}.`;
}

/**
 * The next size up or down: by a tenth of its order of magnitude.
 * @param {SizeUnit} unit
 * @param {number} value
 * @param {1 | -1} direction
 * @param {number} [step] of the quantity
 */
export function steppedSize(unit, value, direction, step = 1) {
  const smallest = unit === "units" ? step : SMALLEST_STEPS[unit];
  if (!(value > 0)) return smallest;
  const size = Math.max(smallest, 10 ** (Math.floor(Math.log10(value)) - 1));
  return Math.max(smallest, Number((value + direction * size).toFixed(8)));
}
