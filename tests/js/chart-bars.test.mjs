import assert from "node:assert/strict";
import { test } from "node:test";

import { BarSeries } from "../../static/js/views/chart-bars.js";
import { FakeTimers } from "./fakes.mjs";

const BAR = { time: 60_000, open: 1, high: 1, low: 1, close: 1 };
const NOW = Date.UTC(2027, 5, 1);

/** A series on a datafeed whose replies the test gives. */
function setUp() {
  const requests = [];
  const heard = [];
  const timers = new FakeTimers();
  const datafeed = {
    subscribeBars: () => {},
    unsubscribeBars: () => {},
    getBars: (_info, _resolution, period, onHistory, onError) => requests.push({ period, onHistory, onError }),
  };
  const listener = {
    onHistory: (bars) => heard.push(bars.length), onBar: () => heard.push("bar"), onError: (reason) => heard.push(reason),
  };
  const series = new BarSeries(datafeed, { name: "AAPL" }, "1", listener, () => NOW, { timers });
  return { series, requests, heard, timers };
}

test("bars that could not be read are asked for again, with growing delays, until they come", () => {
  const { requests, heard, timers } = setUp();
  const delays = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    requests.at(-1).onError("away");
    delays.push(...timers.waiting());
    timers.advance(timers.waiting()[0]);
  }
  requests.at(-1).onHistory([BAR], {});
  assert.deepEqual(delays, [1000, 2000, 4000]);
  assert.deepEqual(heard, ["away", "away", "away", 1]);
  assert.deepEqual(timers.waiting(), []);
});

test("bars that failed are asked for at once when the connection is back", () => {
  const { series, requests } = setUp();
  requests[0].onError("away");
  series.reconnected();
  assert.equal(requests.length, 2);
  requests[1].onHistory([BAR], {});
  series.reconnected();
  assert.equal(requests.length, 2);
});

test("a closed series asks for nothing more", () => {
  const { series, requests, timers } = setUp();
  requests[0].onError("away");
  series.close();
  timers.advance(60_000);
  assert.equal(requests.length, 1);
});

test("bars are asked for up to the market's time, not up to that of this computer", () => {
  const { requests } = setUp();
  assert.equal(requests[0].period.to, NOW / 1000 + 86_400);
});
