// @ts-check
/**
 * The volume at each price: rows of equal height between the lowest and the highest price of some bars. Pure.
 * `views/plot-profile.js` draws it.
 *
 * @import {Bar} from "../types/tradingview.js"
 */

/** Part of the volume that the value area has at least. */
const VALUE_AREA = 0.7;

/**
 * @typedef {object} VolumeProfile
 * @property {number} low lower edge of the first row
 * @property {number} height of a row, in units of the price
 * @property {number[]} up volume of the bars that closed at or above their open, by row from the lowest price
 * @property {number[]} down volume of the others
 * @property {number} control row with the most volume
 * @property {[number, number]} area first and last row of the value area: the rows around the control with 70 % of the volume
 */

/**
 * The volume of a bar is divided evenly between its low and its high, because a bar does not say more.
 * @param {Bar[]} bars
 * @param {number} rows
 * @returns {VolumeProfile | null} null without volume
 */
export function volumeProfile(bars, rows) {
  const low = Math.min(...bars.map((bar) => bar.low));
  const high = Math.max(...bars.map((bar) => bar.high));
  const height = (high - low) / rows;
  const [up, down] = [Array(rows).fill(0), Array(rows).fill(0)];
  const rowOf = (/** @type {number} */ price) => (height > 0 ? Math.min(rows - 1, Math.floor((price - low) / height)) : 0);
  for (const bar of bars) {
    const [first, last] = [rowOf(bar.low), rowOf(bar.high)];
    const side = bar.close >= bar.open ? up : down;
    for (let row = first; row <= last; row += 1) side[row] += (bar.volume ?? 0) * share(bar, low + row * height, height, first === last);
  }
  const totals = up.map((volume, row) => volume + down[row]);
  const most = Math.max(...totals);
  if (!(most > 0)) return null;
  const control = totals.indexOf(most);
  return { low, height, up, down, control, area: valueArea(totals, control) };
}

/**
 * @param {Bar} bar
 * @param {number} from lower edge of the row
 * @param {number} height of the row
 * @param {boolean} isWhole the bar is within the row
 * @returns {number} part of the bar that is within the row
 */
function share(bar, from, height, isWhole) {
  if (isWhole) return 1;
  return Math.max(0, Math.min(bar.high, from + height) - Math.max(bar.low, from)) / (bar.high - bar.low);
}

/**
 * Grow from the control to the side with more volume in its next row.
 * @param {number[]} totals
 * @param {number} control
 * @returns {[number, number]}
 */
function valueArea(totals, control) {
  const wanted = VALUE_AREA * totals.reduce((sum, volume) => sum + volume, 0);
  let [from, to, held] = [control, control, totals[control]];
  while (held < wanted && (from > 0 || to < totals.length - 1)) {
    const [below, above] = [totals[from - 1] ?? -1, totals[to + 1] ?? -1];
    if (above >= below) to += 1;
    else from -= 1;
    held += Math.max(above, below);
  }
  return [from, to];
}
