import assert from "node:assert/strict";
import { test } from "node:test";

import { AlertService, isReached } from "../../static/js/services/alert-service.js";

class FakeDatafeed {
  followed = [];
  subscribeQuotes(_slow, symbols, listener) {
    this.followed = symbols;
    this.listener = listener;
  }
  unsubscribeQuotes() {
    this.followed = [];
  }
  trade(n, lp) {
    this.listener([{ s: "ok", n, v: { lp } }]);
  }
}

function withAlerts(...alerts) {
  const kept = new Map();
  const memory = { recall: (name, fallback) => kept.get(name) ?? fallback, remember: (name, value) => kept.set(name, value) };
  const datafeed = new FakeDatafeed();
  const reached = [];
  const service = new AlertService(datafeed, memory, ({ symbol, price }) => reached.push(`${symbol} ${price}`));
  const refused = alerts.map((alert) => service.add(...alert));
  return { service, datafeed, reached, refused, memory };
}

for (const [direction, price, last, isHit] of [
  ["above", 100, 99.99, false], ["above", 100, 100, true], ["above", 100, 101, true], ["below", 100, 100.01, false], ["below", 100, 100, true],
]) {
  test(`an alert ${direction} ${price} at ${last}: ${isHit}`, () => assert.equal(isReached({ symbol: "A", direction, price }, last), isHit));
}

test("an alert is told once, and its symbol is no longer followed", () => {
  const { datafeed, reached, service } = withAlerts(["A", 101, 100], ["B", 49, 50]);
  assert.deepEqual(datafeed.followed, ["A", "B"]);
  datafeed.trade("A", 100.5);
  datafeed.trade("A", 101.2);
  datafeed.trade("A", 101.3);
  assert.deepEqual(reached, ["A 101"]);
  assert.deepEqual(datafeed.followed, ["B"]);
  assert.deepEqual(service.waiting.value().map(({ direction }) => direction), ["below"]);
});

test("alerts are kept and followed again", () => {
  const { memory } = withAlerts(["A", 101, 100]);
  const datafeed = new FakeDatafeed();
  new AlertService(datafeed, memory, () => {}).start();
  assert.deepEqual(datafeed.followed, ["A"]);
});

test("a price that is missing or is the market's own is refused", () => {
  const { refused } = withAlerts(["A", NaN, 100], ["A", 100, 100]);
  assert.deepEqual(refused, ["Enter a price.", "The market is at this price now."]);
});
