import assert from "node:assert/strict";
import { test } from "node:test";

import { moved, readDrawings, withHorizontal, withTrend, without } from "../../static/js/lib/drawings.js";

const [FROM, TO] = [{ time: 60_000, price: 10 }, { time: 120_000, price: 11 }];

test("drawings are added with ids of their own, moved and removed", () => {
  const both = withTrend(withHorizontal([], 10), FROM, TO);
  assert.deepEqual(both, [{ id: "1", kind: "horizontal", price: 10 }, { id: "2", kind: "trend", from: FROM, to: TO }]);
  assert.equal(moved(both, "1", { price: 12 })[0].price, 12);
  assert.deepEqual(moved(both, "2", { to: FROM })[1].to, FROM);
  assert.deepEqual(withHorizontal(without(both, "1"), 13).map(({ id }) => id), ["2", "3"]);
});

test("the oldest of too many drawings is left out", () => {
  let drawings = [];
  for (let price = 1; price <= 51; price += 1) drawings = withHorizontal(drawings, price);
  assert.equal(drawings.length, 50);
  assert.equal(drawings[0].price, 2);
});

const KEPT = [
  ["nothing", undefined, 0],
  ["another type", { 1: 2 }, 0],
  ["both kinds", [{ id: "1", kind: "horizontal", price: 1 }, { id: "2", kind: "trend", from: FROM, to: TO }], 2],
  ["a line without a price", [{ id: "1", kind: "horizontal" }], 0],
  ["a trend line with one point", [{ id: "1", kind: "trend", from: FROM }], 0],
  ["an unknown kind", [{ id: "1", kind: "circle" }], 0],
];
for (const [name, kept, count] of KEPT) {
  test(`kept drawings: ${name}`, () => assert.equal(readDrawings(kept).length, count));
}
