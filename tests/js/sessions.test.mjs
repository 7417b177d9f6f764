import assert from "node:assert/strict";
import { test } from "node:test";

import { marketStatus } from "../../static/js/lib/market-status.js";
import { sessionAt } from "../../static/js/lib/sessions.js";

const NEW_YORK = ["America/New_York", "0930-1600", "20261126", "0930-1300:20261127"];
const TOKYO = ["Asia/Tokyo", "0900-1130,1230-1500", "", ""];
const OVERNIGHT = ["America/New_York", "1700-1700:23456", "20261225", ""];
const LONDON = ["Europe/London", "0800-1630", "", ""];
const at = (text) => Date.parse(`${text}:00Z`);

/** Calendar, instant, whether the market is open, and until when; the answers are those of the server's calendar. */
const ROWS = [
  [NEW_YORK, "2026-11-25T15:00", true, "2026-11-25T21:00"],
  [NEW_YORK, "2026-11-25T21:00", false, "2026-11-27T14:30"],
  [NEW_YORK, "2026-11-27T14:29", false, "2026-11-27T14:30"],
  [NEW_YORK, "2026-11-27T17:00", true, "2026-11-27T18:00"],
  [NEW_YORK, "2026-11-27T18:30", false, "2026-11-30T14:30"],
  [NEW_YORK, "2026-03-07T12:00", false, "2026-03-09T13:30"],
  [NEW_YORK, "2026-03-09T13:30", true, "2026-03-09T20:00"],
  [TOKYO, "2026-11-25T02:45", false, "2026-11-25T03:30"],
  [TOKYO, "2026-11-25T03:30", true, "2026-11-25T06:00"],
  [TOKYO, "2026-11-27T06:00", false, "2026-11-30T00:00"],
  [OVERNIGHT, "2026-11-27T21:59", true, "2026-11-27T22:00"],
  [OVERNIGHT, "2026-11-29T21:59", false, "2026-11-29T22:00"],
  [OVERNIGHT, "2026-11-30T22:00", true, "2026-12-04T22:00"],
  [OVERNIGHT, "2026-12-24T23:00", false, "2026-12-27T22:00"],
  [LONDON, "2026-10-23T16:00", false, "2026-10-26T08:00"],
  [LONDON, "2026-10-26T08:00", true, "2026-10-26T16:30"],
];

const factsOf = ([timezone, session, holidays, corrections]) => ({ minTick: 0.01, timezone, session, holidays, corrections });

for (const [calendar, instant, isOpen, until] of ROWS) {
  test(`${calendar[0]} ${calendar[1]} at ${instant}: ${isOpen ? "open" : "closed"} until ${until}`, () => {
    assert.deepEqual(sessionAt(factsOf(calendar), at(instant)), { isOpen, untilMs: at(until) });
  });
}

test("a market without hours is always open", () => {
  assert.deepEqual(sessionAt(factsOf(["Etc/UTC", "24x7", "", ""]), at("2026-11-29T12:00")), { isOpen: true, untilMs: null });
});

test("the answer changes at the opening, also when it was asked for before", () => {
  const facts = factsOf(NEW_YORK);
  assert.equal(sessionAt(facts, at("2026-11-25T14:29")).isOpen, false);
  assert.equal(sessionAt(facts, at("2026-11-25T14:30")).isOpen, true);
  assert.equal(sessionAt(facts, at("2026-11-25T14:29")).isOpen, false);
});

const STATUSES = [
  [NEW_YORK, "2026-11-25T15:00", {}, "Open until 21:00"],
  [NEW_YORK, "2026-11-25T22:00", {}, "Closed, opens Fri 14:30"],
  [NEW_YORK, "2026-11-25T15:00", { halted: at("2026-11-25T14:58") }, "Halted since 14:58"],
  [NEW_YORK, "2026-11-25T15:00", { stale: 45 }, "No new price for 45 s"],
  [NEW_YORK, "2026-11-25T15:00", { stale: 200 }, "No new price for 3 min"],
  [["Etc/UTC", "24x7", "", ""], "2026-11-25T15:00", {}, "Open"],
];

for (const [calendar, instant, values, text] of STATUSES) {
  test(`status: ${text}`, () => {
    assert.equal(marketStatus(factsOf(calendar), { s: "ok", n: "AAPL", v: values }, at(instant)).text, text);
  });
}
