// @ts-check
/**
 * Whether a symbol is traded now, in words for traders: open, closed, halted, or without a new price for too long. Pure.
 *
 * @import {InstrumentFacts, QuoteData} from "../types/tradingview.js"
 */
import { clock, dateTime, weekday } from "./format.js";
import { sessionAt } from "./sessions.js";

/** @typedef {"open" | "closed" | "halted" | "stale"} MarketPhase */
/** @typedef {{phase: MarketPhase, text: string, short: string}} MarketStatus `short` is for narrow places */

const DAY_MS = 86_400_000;
const WEEK_MS = 6 * DAY_MS;

/**
 * Write a time of day with as much of its date as it needs. All times are UTC.
 * @param {number} timeMs
 * @param {number} nowMs
 */
export function timeFrom(timeMs, nowMs) {
  const time = clock(timeMs).slice(0, 5);
  if (Math.floor(timeMs / DAY_MS) === Math.floor(nowMs / DAY_MS)) return time;
  return Math.abs(timeMs - nowMs) < WEEK_MS ? `${weekday(timeMs)} ${time}` : dateTime(timeMs).slice(0, 16);
}

/**
 * @param {InstrumentFacts | undefined} facts undefined until they are known
 * @param {QuoteData | undefined} quote
 * @param {number} nowMs market time
 * @returns {MarketStatus}
 */
export function marketStatus(facts, quote, nowMs) {
  const values = quote?.s === "ok" ? quote.v : undefined;
  const session = facts ? sessionAt(facts, nowMs) : { isOpen: true, untilMs: null };
  if (!session.isOpen) {
    if (session.untilMs === null) return { phase: "closed", text: "Closed", short: "Closed" };
    const opening = timeFrom(session.untilMs, nowMs);
    return { phase: "closed", text: `Closed, opens ${opening}`, short: `Opens ${opening}` };
  }
  if (values?.halted !== undefined) {
    const text = `Halted since ${timeFrom(values.halted, nowMs)}`;
    return { phase: "halted", text, short: text };
  }
  if (values?.stale !== undefined) {
    const age = duration(values.stale);
    return { phase: "stale", text: `No new price for ${age}`, short: `No price for ${age}` };
  }
  const close = session.untilMs === null ? "" : ` until ${timeFrom(session.untilMs, nowMs)}`;
  return { phase: "open", text: `Open${close}`, short: "Open" };
}

/** @param {number} seconds */
function duration(seconds) {
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
