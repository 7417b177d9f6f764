import assert from "node:assert/strict";
import { test } from "node:test";

import { FallbackMarket } from "../../static/js/adapters/fallback/market.js";
import { sparklinePath } from "../../static/js/lib/sparkline.js";

test("the line goes from edge to edge, the lowest price at the bottom and the highest at the top", () => {
  for (const [prices, path] of [
    [[], ""],
    [[5], ""],
    [[5, 5], "M0 8L64 8"],
    [[1, 3, 2], "M0 15L32 1L64 8"],
  ]) assert.equal(sparklinePath(prices), path);
});

test("the course of the day of the offline demo ends with its forming bar", () => {
  const market = new FallbackMarket();
  const listing = market.listing("AAPL");
  const noon = Date.UTC(2026, 0, 5, 12, 7);
  const { time, closes } = market.sparkline(listing, noon);
  assert.equal(time, Date.UTC(2026, 0, 5));
  assert.equal(closes.length, 49);
  assert.equal(closes.at(-1), market.formingBar(listing, "15", noon).close);
});
