import assert from "node:assert/strict";
import { test } from "node:test";

import { MarketClock } from "../../static/js/lib/market-clock.js";

test("market time is the server's and runs with its speed, whatever the clock of this computer says", () => {
  let monotonic = 1000;
  const clock = new MarketClock(() => monotonic, () => 5);
  assert.equal(clock.now(), 5);
  clock.set({ now: Date.UTC(2027, 5, 1), speed: 10 });
  monotonic += 2000;
  assert.equal(clock.now(), Date.UTC(2027, 5, 1) + 20_000);
  assert.equal(clock.speed, 10);
});

test("a new reading replaces the old one and is told", () => {
  const clock = new MarketClock(() => 0);
  const heard = [];
  clock.subscribe(() => heard.push(clock.now()));
  clock.set({ now: 100, speed: 1 });
  clock.set({ now: 90, speed: 0.5 });
  assert.deepEqual(heard, [100, 90]);
});
