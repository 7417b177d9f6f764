import assert from "node:assert/strict";
import { test } from "node:test";

import { closesAt, countdown, dayBreaks, msToBarEnd, tradingDays } from "../../static/js/lib/bars.js";
import { axisLabel, labelWeight, offsetOf, zoneLabel, zoneName } from "../../static/js/lib/zones.js";

const HOUR = 3_600_000;
const NASDAQ = { minTick: 0.01, session: "0930-1600", timezone: "America/New_York" };
const FOREX = { minTick: 0.00001, session: "1700-1700", timezone: "America/New_York" };
const ALWAYS = { minTick: 0.01, session: "24x7", timezone: "Etc/UTC" };
const at = (text) => Date.parse(text);

test("trading days begin at midnight of the exchange, or with a session that opens on the evening before", () => {
  const nasdaq = tradingDays(NASDAQ);
  assert.equal(nasdaq(at("2026-11-24T14:30Z")), nasdaq(at("2026-11-24T20:59Z")));
  assert.notEqual(nasdaq(at("2026-11-24T20:59Z")), nasdaq(at("2026-11-25T14:30Z")));
  const forex = tradingDays(FOREX);
  assert.equal(forex(at("2026-11-24T22:00Z")), forex(at("2026-11-25T21:59Z")));
  assert.notEqual(forex(at("2026-11-24T21:59Z")), forex(at("2026-11-24T22:00Z")));
});

test("breaks are the first bars of trading days, without the first bar of all", () => {
  const bars = ["2026-11-24T20:00Z", "2026-11-24T20:30Z", "2026-11-25T14:30Z", "2026-11-25T15:00Z"].map((text) => ({ time: at(text) }));
  assert.deepEqual(dayBreaks(bars, tradingDays(NASDAQ)), [2]);
  assert.deepEqual(dayBreaks([], tradingDays(NASDAQ)), []);
});

const ENDS = [
  ["a bar of five minutes", "5", "2026-11-24T15:00Z", "2026-11-24T15:01:30Z", ALWAYS, 210_000],
  ["a bar that the close of the market ends", "60", "2026-11-24T20:30Z", "2026-11-24T20:50Z", NASDAQ, 600_000],
  ["a day ends with the session", "1D", "2026-11-24T00:00Z", "2026-11-24T20:00Z", NASDAQ, HOUR],
  ["a day without sessions ends at midnight", "1D", "2026-11-24T00:00Z", "2026-11-24T23:00Z", ALWAYS, HOUR],
  ["a week has no countdown", "1W", "2026-11-23T00:00Z", "2026-11-24T15:00Z", ALWAYS, null],
  ["a closed market has none", "5", "2026-11-24T20:55Z", "2026-11-24T22:00Z", NASDAQ, null],
  ["a bar that is over has none", "5", "2026-11-24T15:00Z", "2026-11-24T15:06Z", ALWAYS, null],
];
for (const [name, resolution, begin, now, facts, expected] of ENDS) {
  test(`countdown: ${name}`, () => assert.equal(msToBarEnd(resolution, at(begin), at(now), facts), expected));
}

for (const [ms, text] of [[42_000, "0:42"], [725_000, "12:05"], [10_800_000, "3:00:00"], [1, "0:01"]]) {
  test(`countdown of ${ms} ms is ${text}`, () => assert.equal(countdown(ms), text));
}

test("a compared symbol has its last close at each bar", () => {
  const bars = [10, 20, 30, 40].map((time) => ({ time }));
  const others = [{ time: 15, close: 1 }, { time: 30, close: 2 }, { time: 35, close: 3 }, { time: 50, close: 4 }];
  assert.deepEqual(closesAt(bars, others), [null, 1, 2, 3]);
  assert.deepEqual(closesAt(bars, []), [null, null, null, null]);
});

test("offsets of a zone change with summer time", () => {
  const offset = offsetOf("America/New_York");
  assert.equal(offset(at("2026-07-01T12:00Z")), -4 * HOUR);
  assert.equal(offset(at("2026-11-01T05:59Z")), -4 * HOUR);
  assert.equal(offset(at("2026-11-01T06:00Z")), -5 * HOUR);
  assert.equal(offsetOf("UTC")(0), 0);
});

const WEIGHTS = [
  ["2027-01-01T00:00Z", "2026-12-31T23:00Z", 70], ["2026-12-01T00:00Z", "2026-11-30T23:00Z", 60], ["2026-11-24T00:00Z", "2026-11-23T23:00Z", 50],
  ["2026-11-24T12:00Z", "2026-11-24T11:00Z", 33], ["2026-11-24T13:00Z", "2026-11-24T12:59Z", 30], ["2026-11-24T13:01Z", "2026-11-24T13:00Z", 20],
  ["2026-11-24T13:01:05Z", "2026-11-24T13:01:05Z", 0],
];
for (const [now, before, weight] of WEIGHTS) {
  test(`label of ${now} after ${before} weighs ${weight}`, () => assert.equal(labelWeight(at(now), at(before)), weight));
}

test("labels of the time axis are years, months, days and times", () => {
  assert.deepEqual([0, 1, 2, 3].map((kind) => axisLabel(at("2026-11-24T09:05Z"), kind)), ["2026", "Nov", "24", "09:05"]);
});

test("a zone is that of the exchange, or named, and is shown by its city", () => {
  assert.equal(zoneName("exchange", "Asia/Tokyo"), "Asia/Tokyo");
  assert.equal(zoneName("exchange", undefined), "UTC");
  assert.equal(zoneName("Europe/London", "Asia/Tokyo"), "Europe/London");
  assert.deepEqual(["America/New_York", "UTC"].map(zoneLabel), ["New York", "UTC"]);
});
