// @ts-check
/**
 * The types of the chart: which series of the library draws the bars, in which colours, and from which data.
 *
 * @import * as Charts from "lightweight-charts"
 * @import {Bar} from "../types/tradingview.js"
 */
import { heikinAshi } from "../lib/indicators.js";

/** @typedef {Record<"panel" | "muted" | "grid" | "line" | "up" | "down" | "up-soft" | "down-soft" | "accent", string>} Colors */
/** @typedef {"Candlestick" | "Bar" | "Line" | "Area"} SeriesKind */
/** @typedef {"candles" | "hollow" | "bars" | "line" | "area" | "heikin"} ChartType */

/**
 * @typedef {object} TypeRule
 * @property {string} name
 * @property {SeriesKind} kind
 * @property {(colors: Colors) => object} options of the series
 * @property {(bars: Bar[]) => Bar[]} [shown] bars that are drawn in place of these
 */

/** Heikin-Ashi bars depend on those before them, by half with each bar: so many make the newest one exact. */
const DEPENDENT_BARS = 60;

/**
 * @param {string} color as the browser computes it: "rgb(1, 2, 3)"
 * @param {number} opacity
 */
function faded(color, opacity) {
  return color.replace("rgb(", "rgba(").replace(")", `, ${opacity})`);
}

/** @type {TypeRule["options"]} */
function candleColors({ up, down }) {
  return { upColor: up, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down };
}

/** @type {Record<ChartType, TypeRule>} */
export const CHART_TYPES = {
  candles: { name: "Candles", kind: "Candlestick", options: candleColors },
  hollow: { name: "Hollow candles", kind: "Candlestick", options: (colors) => ({ ...candleColors(colors), upColor: colors.panel }) },
  bars: { name: "Bars", kind: "Bar", options: ({ up, down }) => ({ upColor: up, downColor: down, thinBars: false }) },
  line: { name: "Line", kind: "Line", options: ({ accent }) => ({ color: accent, lineWidth: 2 }) },
  area: {
    name: "Area", kind: "Area",
    options: ({ accent }) => ({ lineColor: accent, topColor: faded(accent, 0.33), bottomColor: faded(accent, 0.03), lineWidth: 2 }),
  },
  heikin: { name: "Heikin Ashi", kind: "Candlestick", options: candleColors, shown: heikinAshi },
};

/**
 * @param {number} timeMs
 * @returns {Charts.UTCTimestamp}
 */
export function seconds(timeMs) {
  return /** @type {Charts.UTCTimestamp} */ (Math.floor(timeMs / 1000));
}

/**
 * @param {TypeRule} rule
 * @param {Bar[]} bars
 */
export function pointsOf({ kind, shown = (same) => same }, bars) {
  const hasRange = kind === "Candlestick" || kind === "Bar";
  return shown(bars).map(({ time, open, high, low, close }) =>
    (hasRange ? { time: seconds(time), open, high, low, close } : { time: seconds(time), value: close }));
}

/**
 * The point of one of the newest bars.
 * @param {TypeRule} rule
 * @param {Bar[]} bars
 * @param {number} index
 */
export function newestPoint(rule, bars, index) {
  const from = rule.shown ? Math.max(0, index - DEPENDENT_BARS) : index;
  return pointsOf(rule, bars.slice(from, index + 1))[index - from];
}
