// @ts-check
/**
 * Time zones of the chart: what they are called, their offsets, and how the time axis is labelled in them. Pure.
 */
import { offsetMs } from "./sessions.js";

const HALF_HOUR_MS = 1_800_000;
const CACHED = 50_000;

/** Zones that are offered: the exchange's and the computer's, then financial centres. @type {[value: string, name: string][]} */
export const ZONES = [
  ["UTC", "UTC"], ["exchange", "Exchange"], ["local", "This computer"], ["America/New_York", "New York"],
  ["America/Chicago", "Chicago"], ["Europe/London", "London"], ["Europe/Berlin", "Frankfurt"], ["Asia/Kolkata", "Mumbai"],
  ["Asia/Hong_Kong", "Hong Kong"], ["Asia/Tokyo", "Tokyo"], ["Australia/Sydney", "Sydney"],
];

/**
 * IANA name of a zone that is offered.
 * @param {string} choice
 * @param {string | undefined} exchange zone of the exchange
 */
export function zoneName(choice, exchange) {
  if (choice === "exchange") return exchange || "UTC";
  return choice === "local" ? Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC" : choice;
}

/**
 * Short name of a zone for the legend: "UTC", "New York".
 * @param {string} zone IANA name
 */
export function zoneLabel(zone) {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/**
 * @param {string} zone IANA name
 * @returns {(timeMs: number) => number} local time minus UTC, in milliseconds
 */
export function offsetOf(zone) {
  if (zone === "UTC" || zone === "Etc/UTC") return () => 0;
  /** By half hours: offsets change at no other instants. @type {Map<number, number>} */
  const known = new Map();
  return (timeMs) => {
    const key = Math.floor(timeMs / HALF_HOUR_MS);
    let offset = known.get(key);
    if (offset === undefined) {
      if (known.size > CACHED) known.clear();
      offset = offsetMs(zone, key * HALF_HOUR_MS);
      known.set(key, offset);
    }
    return offset;
  };
}

/** Steps within a day and the weight of a label there, as the chart library knows them. */
const STEPS = [
  [43_200_000, 33], [21_600_000, 32], [10_800_000, 31], [3_600_000, 30], [1_800_000, 22], [300_000, 21], [60_000, 20], [1000, 10],
];
const [DAY_WEIGHT, MONTH_WEIGHT, YEAR_WEIGHT] = [50, 60, 70];

/**
 * How important a label of the time axis is: that of a new year most.
 * @param {number} localMs local time as if it were UTC
 * @param {number} beforeMs that of the bar before
 */
export function labelWeight(localMs, beforeMs) {
  const [now, before] = [new Date(localMs), new Date(beforeMs)];
  if (now.getUTCFullYear() !== before.getUTCFullYear()) return YEAR_WEIGHT;
  if (now.getUTCMonth() !== before.getUTCMonth()) return MONTH_WEIGHT;
  if (now.getUTCDate() !== before.getUTCDate()) return DAY_WEIGHT;
  return STEPS.find(([step]) => Math.floor(localMs / step) !== Math.floor(beforeMs / step))?.[1] ?? 0;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Label of the time axis.
 * @param {number} localMs local time as if it were UTC
 * @param {number} kind the library's TickMarkType: year, month, day, time
 */
export function axisLabel(localMs, kind) {
  const date = new Date(localMs);
  const labels = [date.getUTCFullYear(), MONTHS[date.getUTCMonth()], date.getUTCDate()];
  return String(labels[kind] ?? date.toISOString().slice(11, 16));
}
