import assert from "node:assert/strict";
import { test } from "node:test";

import { readLink, writeLink } from "../../static/js/lib/links.js";

const LINKS = [
  ["#AAPL/5", { symbol: "AAPL", resolution: "5" }],
  ["#eurusd", { symbol: "EURUSD", resolution: "" }],
  ["#AAPL/1D", { symbol: "AAPL", resolution: "1D" }],
  ["#BTC%2FUSD/60", { symbol: "BTC/USD", resolution: "60" }],
  ["", null],
  ["#", null],
  ["#AAPL/5/6", null],
  ["#AAPL/minute", null],
  ["#%E0%A4%A/5", null],
];
for (const [hash, expected] of LINKS) {
  test(`link "${hash}"`, () => assert.deepEqual(readLink(hash), expected));
}

test("a written link is read as what it was written from", () => {
  assert.equal(writeLink("AAPL", "5"), "#AAPL/5");
  assert.deepEqual(readLink(writeLink("BTC/USD", "1W")), { symbol: "BTC/USD", resolution: "1W" });
});
