import assert from "node:assert/strict";
import { test } from "node:test";

import { nextSorting, pageOf, sorted } from "../../static/js/lib/sorting.js";
import { shownColumns } from "../../static/js/views/columns.js";

const COLUMNS = [{ width: 80 }, { width: 60, rank: 1 }, { width: 70, rank: 2 }, { width: 50, rank: 2 }];

for (const [room, shown] of [[260, "1111"], [259, "1110"], [200, "1100"], [139, "1000"], [10, "1000"]]) {
  test(`columns at ${room} pixels: ${shown}`, () => {
    assert.equal(shownColumns(COLUMNS, room).map(Number).join(""), shown);
  });
}

test("a click sorts ascending, the next descending, the third as before", () => {
  const first = nextSorting(null, "qty");
  const second = nextSorting(first, "qty");
  assert.deepEqual([first, second, nextSorting(second, "qty")], [
    { column: "qty", isDescending: false }, { column: "qty", isDescending: true }, null,
  ]);
  assert.deepEqual(nextSorting(second, "pl"), { column: "pl", isDescending: false });
});

test("items are sorted by number or name, those without a value last in both directions", () => {
  const items = [{ n: "b", v: 10 }, { n: "a" }, { n: "c", v: -2 }];
  const names = (list) => list.map(({ n }) => n).join("");
  assert.equal(names(sorted(items, ({ v }) => v, false)), "cba");
  assert.equal(names(sorted(items, ({ v }) => v, true)), "bca");
  assert.equal(names(sorted(items, ({ n }) => n, true)), "cba");
});

const PAGES = [
  [0, 0, { number: 0, count: 1, from: 0, to: 0 }],
  [0, 250, { number: 0, count: 3, from: 0, to: 100 }],
  [2, 250, { number: 2, count: 3, from: 200, to: 250 }],
  [9, 250, { number: 2, count: 3, from: 200, to: 250 }],
  [1, 100, { number: 0, count: 1, from: 0, to: 100 }],
];
for (const [number, items, page] of PAGES) {
  test(`page ${number} of ${items} items`, () => assert.deepEqual(pageOf(number, 100, items), page));
}
