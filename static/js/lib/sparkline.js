// @ts-check
/** The line of a sparkline: prices as a path in a box of fixed size. Pure. `views/sparkline.js` draws it. */

export const WIDTH = 64;
export const HEIGHT = 16;
/** Room above and below for half the width of the line. */
const MARGIN = 1;

/** @param {number} value rounded to half a pixel, so that a small change of a price changes nothing */
const half = (value) => Math.round(value * 2) / 2;

/**
 * Path of prices from the left edge to the right edge; the lowest is at the bottom, the highest at the top.
 * @param {number[]} prices
 * @returns {string} for the attribute `d`; empty with fewer than two prices
 */
export function sparklinePath(prices) {
  if (prices.length < 2) return "";
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const step = WIDTH / (prices.length - 1);
  const place = (/** @type {number} */ price) => (high === low ? HEIGHT / 2 : MARGIN + ((high - price) / (high - low)) * (HEIGHT - 2 * MARGIN));
  return prices.map((price, index) => `${index ? "L" : "M"}${half(index * step)} ${half(place(price))}`).join("");
}
