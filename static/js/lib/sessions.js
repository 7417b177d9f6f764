// @ts-check
/**
 * Trading hours of an instrument, read from TradingView's notation: whether its market is open at an instant, and until
 * when. Pure. The server's rules are in `engine/market/sessions.py`.
 *
 * @import {InstrumentFacts} from "../types/tradingview.js"
 */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const ALWAYS = "24x7";
const WORKDAYS = "23456";
/** Weekday of 1970-01-01; Sunday is 0. */
const THURSDAY = 4;
/** Days that are searched for the next opening. */
const SEARCHED_DAYS = 21;

/** @typedef {{isOpen: boolean, untilMs: number | null}} SessionState `untilMs`: next close or opening; null when always open */
/** @typedef {[number, number][]} Hours opening and close of each span, in minutes after midnight of the trading day's date */

/** @type {Map<string, Intl.DateTimeFormat>} */
const zones = new Map();

/**
 * @param {string} zone IANA name
 * @param {number} instantMs
 * @returns {number} local time minus UTC, in milliseconds
 */
export function offsetMs(zone, instantMs) {
  let format = zones.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
      second: "numeric",
    });
    zones.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return local - Math.floor(instantMs / 1000) * 1000;
}

/**
 * @param {string} zone
 * @param {number} localMs local time as if it were UTC
 */
function instantOf(zone, localMs) {
  return localMs - offsetMs(zone, localMs - offsetMs(zone, localMs));
}

/** @param {string} text minutes after midnight of "0930" */
function minutesOf(text) {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(2));
}

/**
 * Read "0930-1600" or "0900-1130,1230-1500". A span that does not end after its start begins on the date before.
 * @param {string} text
 * @returns {Hours}
 */
function readHours(text) {
  const spans = text.split(",").map((part) => {
    const [start, end] = part.split("-").map(minutesOf);
    const close = start === 0 && end === 0 ? DAY_MINUTES : end;
    return /** @type {[number, number]} */ ([start < close ? start : start - DAY_MINUTES, close]);
  });
  for (let place = spans.length - 2; place >= 0; place -= 1) {
    if (spans[place][1] >= spans[place + 1][0]) spans[place] = [spans[place][0] - DAY_MINUTES, spans[place][1] - DAY_MINUTES];
  }
  return spans;
}

/** @param {string} date "20261225" */
function dayNumber(date) {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6))) / DAY_MS;
}

class Calendar {
  #zone;
  #hours;
  #days;
  /** @type {Map<number, Hours>} */
  #special = new Map();

  /** @param {Required<Pick<InstrumentFacts, "session" | "timezone">> & InstrumentFacts} facts */
  constructor({ session, timezone, holidays = "", corrections = "" }) {
    const [hours, days] = session.split(":");
    this.#zone = timezone;
    this.#hours = readHours(hours);
    this.#days = days || WORKDAYS;
    for (const entry of corrections.split(";").filter(Boolean)) {
      const [other, dates] = entry.split(":");
      for (const date of dates.split(",")) this.#special.set(dayNumber(date), readHours(other));
    }
    for (const date of holidays.split(",").filter(Boolean)) this.#special.set(dayNumber(date), []);
  }

  /**
   * @param {number} number of the date, counted from 1970-01-01
   * @returns {Hours}
   */
  #hoursOf(number) {
    const weekday = (((number + THURSDAY) % 7) + 7) % 7;
    return this.#special.get(number) ?? (this.#days.includes(String(weekday + 1)) ? this.#hours : []);
  }

  /**
   * @param {number} nowMs
   * @returns {SessionState}
   */
  at(nowMs) {
    const today = Math.floor((nowMs + offsetMs(this.#zone, nowMs)) / DAY_MS);
    let openUntil = 0;
    for (let number = today - 1; number <= today + SEARCHED_DAYS; number += 1) {
      for (const [from, to] of this.#hoursOf(number)) {
        const start = instantOf(this.#zone, number * DAY_MS + from * MINUTE_MS);
        const end = instantOf(this.#zone, number * DAY_MS + to * MINUTE_MS);
        if (end <= nowMs) continue;
        if (openUntil && start > openUntil) return { isOpen: true, untilMs: openUntil };
        if (start > nowMs && !openUntil) return { isOpen: false, untilMs: start };
        openUntil = end;
      }
    }
    return { isOpen: openUntil > 0, untilMs: openUntil || null };
  }
}

/** @type {WeakMap<InstrumentFacts, {calendar: Calendar, state: SessionState, readMs: number}>} */
const known = new WeakMap();

/**
 * Whether a market is open, and until when. The answer is kept until it changes.
 * @param {InstrumentFacts} facts
 * @param {number} nowMs
 * @returns {SessionState}
 */
export function sessionAt(facts, nowMs) {
  const { session, timezone } = facts;
  if (!session || !timezone || session === ALWAYS) return { isOpen: true, untilMs: null };
  let entry = known.get(facts);
  if (!entry) {
    const calendar = new Calendar({ ...facts, session, timezone });
    entry = { calendar, state: calendar.at(nowMs), readMs: nowMs };
    known.set(facts, entry);
  } else if (nowMs < entry.readMs || nowMs >= (entry.state.untilMs ?? Infinity)) {
    entry.state = entry.calendar.at(nowMs);
    entry.readMs = nowMs;
  }
  return entry.state;
}

/**
 * When the trading day begins, relative to midnight of its date in the zone of the exchange; negative on the evening before.
 * @param {InstrumentFacts} facts
 * @returns {number} milliseconds
 */
export function sessionStartMs({ session }) {
  if (!session || session === ALWAYS) return 0;
  return readHours(session.split(":")[0])[0][0] * MINUTE_MS;
}
