import assert from "node:assert/strict";
import { test } from "node:test";

import { Watchlists, moved } from "../../static/js/lib/watchlists.js";

function memory() {
  const kept = new Map();
  return { recall: (name, fallback) => kept.get(name) ?? fallback, remember: (name, value) => kept.set(name, structuredClone(value)) };
}

for (const [symbol, place, order] of [["C", 0, "CABD"], ["A", 1, "BACD"], ["A", 3, "BCDA"], ["D", 9, "ABCD"], ["B", -1, "BACD"]]) {
  test(`${symbol} moved to ${place} makes ${order}`, () => assert.equal(moved([..."ABCD"], symbol, place).join(""), order));
}

test("lists are kept with the one that is shown", () => {
  const kept = memory();
  const lists = new Watchlists(kept, ["A", "B"]);
  lists.choose("Coins");
  lists.replace(["C"]);
  const again = new Watchlists(kept, kept.recall("watchlist", []));
  assert.deepEqual([again.names, again.chosen, again.symbols], [["Watchlist", "Coins"], "Coins", ["C"]]);
  again.choose("Watchlist");
  assert.deepEqual(again.symbols, ["A", "B"]);
});

test("a list is removed, the last one is not", () => {
  const lists = new Watchlists(memory(), ["A"]);
  lists.choose("Coins");
  lists.remove();
  lists.remove();
  assert.deepEqual([lists.names, lists.symbols], [["Watchlist"], ["A"]]);
});
