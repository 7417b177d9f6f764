// @ts-check
/**
 * The mathematics of indicators. Pure: prices in, one value for each of them out; null where there are too few prices yet.
 * `views/chart-studies.js` has the list that the chart offers.
 *
 * @import {Bar} from "../types/tradingview.js"
 */

/** @typedef {(number | null)[]} Values */

/**
 * Simple moving average.
 * @param {number[]} prices
 * @param {number} length
 * @returns {Values}
 */
export function sma(prices, length) {
  let sum = 0;
  return prices.map((price, index) => {
    sum += price - (index >= length ? prices[index - length] : 0);
    return index < length - 1 ? null : sum / length;
  });
}

/**
 * Smooth exponentially, beginning with the average of the first values.
 * @param {number[]} prices
 * @param {number} length
 * @param {number} weight of the newest price
 * @returns {Values}
 */
function smoothed(prices, length, weight) {
  let sum = 0;
  let average = 0;
  return prices.map((price, index) => {
    sum += price;
    if (index < length - 1) return null;
    average = index === length - 1 ? sum / length : average + weight * (price - average);
    return average;
  });
}

/**
 * Exponential moving average.
 * @param {number[]} prices
 * @param {number} length
 * @returns {Values}
 */
export function ema(prices, length) {
  return smoothed(prices, length, 2 / (length + 1));
}

/**
 * Bollinger bands: the average, and a number of standard deviations (of the population) above and below it.
 * @param {number[]} prices
 * @param {number} length
 * @param {number} deviations
 * @returns {{upper: Values, middle: Values, lower: Values}}
 */
export function bollinger(prices, length, deviations) {
  const middle = sma(prices, length);
  const widths = middle.map((average, index) => {
    if (average === null) return null;
    const window = prices.slice(index - length + 1, index + 1);
    return deviations * Math.sqrt(window.reduce((sum, price) => sum + (price - average) ** 2, 0) / length);
  });
  const band = (/** @type {number} */ sign) => middle.map((average, index) => (average === null ? null : average + sign * Number(widths[index])));
  return { upper: band(1), middle, lower: band(-1) };
}

/**
 * Relative strength index with Wilder's smoothing, from 0 to 100.
 * @param {number[]} prices
 * @param {number} length
 * @returns {Values}
 */
export function rsi(prices, length) {
  const changes = prices.slice(1).map((price, index) => price - prices[index]);
  const gains = smoothed(changes.map((change) => Math.max(change, 0)), length, 1 / length);
  const losses = smoothed(changes.map((change) => Math.max(-change, 0)), length, 1 / length);
  const values = gains.map((gain, index) => {
    const loss = losses[index];
    if (gain === null || loss === null) return null;
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  });
  return prices.length ? [null, ...values] : [];
}

/**
 * Moving average convergence divergence.
 * @param {number[]} prices
 * @param {number} fast length of the faster average
 * @param {number} slow length of the slower average
 * @param {number} signalLength
 * @returns {{macd: Values, signal: Values, histogram: Values}}
 */
export function macd(prices, fast, slow, signalLength) {
  const quick = ema(prices, fast);
  const lines = ema(prices, slow).map((value, index) => (value === null || quick[index] === null ? null : Number(quick[index]) - value));
  const known = /** @type {number[]} */ (lines.filter((value) => value !== null));
  const signal = [...Array(lines.length - known.length).fill(null), ...ema(known, signalLength)];
  const histogram = signal.map((value, index) => (value === null ? null : Number(lines[index]) - value));
  return { macd: lines, signal, histogram };
}

/**
 * Volume-weighted average price since the begin of the trading day; null while nothing was traded.
 * @param {Bar[]} bars ascending
 * @param {(timeMs: number) => number} dayOf number of the trading day
 * @returns {Values}
 */
export function vwap(bars, dayOf) {
  let day = NaN;
  let value = 0;
  let volume = 0;
  return bars.map(({ time, high, low, close, volume: traded = 0 }) => {
    if (dayOf(time) !== day) [day, value, volume] = [dayOf(time), 0, 0];
    value += ((high + low + close) / 3) * traded;
    volume += traded;
    return volume === 0 ? null : value / volume;
  });
}

/**
 * Heikin-Ashi bars: each opens in the middle of the one before and closes at the average of its prices.
 * @template {Pick<Bar, "open" | "high" | "low" | "close">} T
 * @param {T[]} bars ascending
 * @returns {T[]}
 */
export function heikinAshi(bars) {
  /** @type {T | null} */
  let before = null;
  return bars.map((bar) => {
    const close = (bar.open + bar.high + bar.low + bar.close) / 4;
    const open = before === null ? (bar.open + bar.close) / 2 : (before.open + before.close) / 2;
    before = { ...bar, open, close, high: Math.max(bar.high, open, close), low: Math.min(bar.low, open, close) };
    return before;
  });
}
