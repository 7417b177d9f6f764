// @ts-check
/**
 * The indicators that the chart offers: their parameters, their lines, and how they are computed. Pure.
 * `chart-studies.js` draws them, `lib/indicators.js` has the mathematics.
 *
 * @import {Bar} from "../types/tradingview.js"
 * @import {Values} from "../lib/indicators.js"
 */
import { bollinger, ema, macd, rsi, sma, vwap } from "../lib/indicators.js";

/** @typedef {"sma" | "ema" | "bollinger" | "vwap" | "rsi" | "macd" | "profile"} StudyKind */

/**
 * @typedef {object} Output one line of an indicator
 * @property {string} color
 * @property {"Line" | "Histogram"} [kind] a line when absent
 */

/**
 * @typedef {object} StudyRule
 * @property {string} name
 * @property {string} hint
 * @property {{label: string, value: number}[]} params with their defaults
 * @property {Output[]} outputs none of the volume profile, which is drawn by `plot-profile.js`
 * @property {boolean} [hasPane] it has a pane of its own below the prices
 * @property {number[]} [levels] horizontal lines in its pane
 * @property {boolean} [isIntraday] only of bars that are shorter than a day
 * @property {(bars: Bar[], params: number[], dayOf: (timeMs: number) => number) => Values[]} compute
 */

const [ORANGE, BLUE, VIOLET, TEAL, PINK] = ["#d9822b", "#3f8fd6", "#9a6fe0", "#2a9d9a", "#d0669c"];
/** Longest average that is offered. */
const LONGEST = 200;
/** Newest bars that decide the newest value, for each bar of the longest average: the rest weighs less than a billionth. */
const TAIL_FACTOR = 20;
/** A trading day of bars of one minute. */
const DAY_BARS = 1440;

/** @param {Bar[]} bars */
const closes = (bars) => bars.map(({ close }) => close);

/** @type {Record<StudyKind, StudyRule>} */
export const STUDIES = {
  sma: {
    name: "SMA", hint: "Simple moving average", params: [{ label: "Length", value: 20 }], outputs: [{ color: ORANGE }],
    compute: (bars, [length]) => [sma(closes(bars), length)],
  },
  ema: {
    name: "EMA", hint: "Exponential moving average", params: [{ label: "Length", value: 50 }], outputs: [{ color: BLUE }],
    compute: (bars, [length]) => [ema(closes(bars), length)],
  },
  bollinger: {
    name: "Bollinger", hint: "Bollinger bands", params: [{ label: "Length", value: 20 }, { label: "Deviations", value: 2 }],
    outputs: [{ color: TEAL }, { color: TEAL }, { color: TEAL }],
    compute: (bars, [length, deviations]) => {
      const { upper, middle, lower } = bollinger(closes(bars), length, deviations);
      return [upper, middle, lower];
    },
  },
  vwap: {
    name: "VWAP", hint: "Volume-weighted average price of the trading day; bars shorter than a day", params: [], outputs: [{ color: VIOLET }],
    isIntraday: true,
    compute: (bars, _, dayOf) => [vwap(bars, dayOf)],
  },
  profile: {
    name: "Volume profile", hint: "Volume at each price of the visible bars; the line is the price with the most", params: [{ label: "Rows", value: 30 }],
    outputs: [], compute: () => [],
  },
  rsi: {
    name: "RSI", hint: "Relative strength index", params: [{ label: "Length", value: 14 }], outputs: [{ color: VIOLET }], hasPane: true,
    levels: [30, 70],
    compute: (bars, [length]) => [rsi(closes(bars), length)],
  },
  macd: {
    name: "MACD", hint: "Moving average convergence divergence",
    params: [{ label: "Fast", value: 12 }, { label: "Slow", value: 26 }, { label: "Signal", value: 9 }],
    outputs: [{ color: TEAL, kind: "Histogram" }, { color: BLUE }, { color: PINK }], hasPane: true, levels: [0],
    compute: (bars, [fast, slow, signal]) => {
      const values = macd(closes(bars), fast, slow, signal);
      return [values.histogram, values.macd, values.signal];
    },
  },
};

/** Parameters of the indicators that are shown, by their kind. @typedef {Partial<Record<StudyKind, number[]>>} Chosen */

/**
 * Take over the kept indicators, without those that are not offered.
 * @param {Record<string, unknown>} kept
 * @returns {Chosen}
 */
export function readChosen(kept) {
  /** @type {Chosen} */
  const chosen = {};
  for (const kind of /** @type {StudyKind[]} */ (Object.keys(STUDIES))) {
    const values = kept[kind];
    if (Array.isArray(values)) chosen[kind] = STUDIES[kind].params.map(({ value }, index) => paramOf(values[index], value));
  }
  return chosen;
}

/**
 * A parameter that somebody entered; the fallback where it is no whole number from 1 to the longest length.
 * @param {unknown} value
 * @param {number} fallback
 */
export function paramOf(value, fallback) {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST ? Number(value) : fallback;
}

/**
 * How many of the newest bars make the newest value of an indicator exact.
 * @param {number[]} params
 */
export function tailOf(params) {
  return Math.max(DAY_BARS, TAIL_FACTOR * Math.max(0, ...params));
}
