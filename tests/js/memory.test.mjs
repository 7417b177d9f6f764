import assert from "node:assert/strict";
import { test } from "node:test";

import { Memory } from "../../static/js/lib/memory.js";

function storageOf(items = {}) {
  const map = new Map(Object.entries(items));
  return { getItem: (name) => map.get(name) ?? null, setItem: (name, value) => map.set(name, value) };
}

test("live page and offline demo keep their own settings in one browser", () => {
  const storage = storageOf();
  const [live, offline] = [new Memory("live", () => storage), new Memory("offline", () => storage)];
  live.remember("symbol", "MSFT");
  offline.remember("symbol", "EURUSD");
  assert.deepEqual([live.recall("symbol", "AAPL"), offline.recall("symbol", "AAPL")], ["MSFT", "EURUSD"]);
});

const BAD = [["not JSON", "{"], ["of another type", "5"], ["a list instead of a text", "[]"], ["null", "null"]];
for (const [name, text] of BAD) {
  test(`a stored value that is ${name} is ignored`, () => {
    assert.equal(new Memory("live", () => storageOf({ "trading-pro.symbol": text })).recall("symbol", "AAPL"), "AAPL");
  });
}

test("a browser that refuses storage gets the defaults", () => {
  const memory = new Memory("live", () => { throw new Error("refused"); });
  memory.remember("symbol", "MSFT");
  assert.equal(memory.recall("symbol", "AAPL"), "AAPL");
});
