// @ts-check
/**
 * Bars and time: the end of a bar, the trading day of an instant, and the bars of another symbol at the times of this one. Pure.
 *
 * @import {Bar, InstrumentFacts} from "../types/tradingview.js"
 */
import { sessionAt, sessionStartMs } from "./sessions.js";
import { offsetOf } from "./zones.js";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_S = 3600;
const INTRADAY = /^\d+$/;

/**
 * Whether bars of a resolution are shorter than a day.
 * @param {string} resolution
 */
export function isIntraday(resolution) {
  return INTRADAY.test(resolution);
}

/**
 * Number of the trading day, in the zone of the exchange. A session that begins in the evening belongs to the next date.
 * @param {InstrumentFacts} facts
 * @returns {(timeMs: number) => number}
 */
export function tradingDays(facts) {
  const offset = offsetOf(facts.timezone ?? "UTC");
  const start = sessionStartMs(facts);
  return (timeMs) => Math.floor((timeMs + offset(timeMs) - start) / DAY_MS);
}

/**
 * Indices of the bars that begin a trading day, without the first bar.
 * @param {Bar[]} bars ascending
 * @param {(timeMs: number) => number} dayOf
 */
export function dayBreaks(bars, dayOf) {
  const days = bars.map(({ time }) => dayOf(time));
  return [...days.keys()].filter((index) => index > 0 && days[index] !== days[index - 1]);
}

/**
 * Time until a bar ends: an intraday bar after its minutes, a daily bar with the session.
 * @param {string} resolution
 * @param {number} begin of the newest bar, epoch milliseconds
 * @param {number} nowMs
 * @param {InstrumentFacts} facts
 * @returns {number | null} milliseconds; null for longer bars and while the market is closed
 */
export function msToBarEnd(resolution, begin, nowMs, facts) {
  const { isOpen, untilMs } = sessionAt(facts, nowMs);
  if (!isOpen) return null;
  const end = isIntraday(resolution) ? begin + Number(resolution) * MINUTE_MS : begin + DAY_MS;
  if (!isIntraday(resolution) && resolution !== "1D") return null;
  const earliest = resolution === "1D" && untilMs !== null ? untilMs : Math.min(end, untilMs ?? end);
  return earliest > nowMs ? earliest - nowMs : null;
}

/**
 * Write a countdown: "0:42", "12:05", "3:00:00".
 * @param {number} ms
 */
export function countdown(ms) {
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / HOUR_S), Math.floor((seconds % HOUR_S) / 60), seconds % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * Closes of another symbol at the times of these bars; null before its first bar.
 * @param {Bar[]} bars ascending
 * @param {Bar[]} others ascending
 * @returns {(number | null)[]}
 */
export function closesAt(bars, others) {
  let next = 0;
  return bars.map(({ time }) => {
    while (next < others.length && others[next].time <= time) next += 1;
    return next === 0 ? null : others[next - 1].close;
  });
}
