// @ts-check
/**
 * Lines that a trader draws on the chart, by symbol: horizontal lines at a price and trend lines between two points. Pure: each
 * function returns a new list. `views/chart-drawings.js` shows them.
 */

/** Lines of one symbol at most; the oldest is left out. */
const LIMIT = 50;

/** @typedef {{time: number, price: number}} Point `time`: begin of a bar, epoch milliseconds */
/** @typedef {{id: string, kind: "horizontal", price: number}} Horizontal */
/** @typedef {{id: string, kind: "trend", from: Point, to: Point}} TrendLine */
/** @typedef {Horizontal | TrendLine} Drawing */

/** @param {unknown} value */
function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** @param {any} point */
function isPoint(point) {
  return isNumber(point?.time) && isNumber(point?.price);
}

/**
 * Take over the kept drawings, without invalid entries.
 * @param {unknown} kept
 * @returns {Drawing[]}
 */
export function readDrawings(kept) {
  if (!Array.isArray(kept)) return [];
  return kept.filter(({ id, kind, price, from, to }) => typeof id === "string"
    && (kind === "horizontal" ? isNumber(price) : kind === "trend" && isPoint(from) && isPoint(to)));
}

/** @param {Drawing[]} drawings */
function nextId(drawings) {
  return String(Math.max(0, ...drawings.map(({ id }) => Number(id))) + 1);
}

/**
 * @param {Drawing[]} drawings
 * @param {number} price
 * @returns {Drawing[]}
 */
export function withHorizontal(drawings, price) {
  return [...drawings, /** @type {Horizontal} */ ({ id: nextId(drawings), kind: "horizontal", price })].slice(-LIMIT);
}

/**
 * @param {Drawing[]} drawings
 * @param {Point} from
 * @param {Point} to
 * @returns {Drawing[]}
 */
export function withTrend(drawings, from, to) {
  return [...drawings, /** @type {TrendLine} */ ({ id: nextId(drawings), kind: "trend", from, to })].slice(-LIMIT);
}

/**
 * Change one of the drawings.
 * @param {Drawing[]} drawings
 * @param {string} id
 * @param {{price: number} | {from: Point} | {to: Point}} changes
 * @returns {Drawing[]}
 */
export function moved(drawings, id, changes) {
  return drawings.map((drawing) => (drawing.id === id ? { ...drawing, ...changes } : drawing));
}

/**
 * @param {Drawing[]} drawings
 * @param {string} id
 */
export function without(drawings, id) {
  return drawings.filter((drawing) => drawing.id !== id);
}
