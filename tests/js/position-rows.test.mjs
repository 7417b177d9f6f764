import assert from "node:assert/strict";
import { test } from "node:test";

import { bracketPrices, byNet, positionRows } from "../../static/js/lib/position-rows.js";
import { sorted } from "../../static/js/lib/sorting.js";

const net = (symbol, qty) => ({ id: symbol, symbol, qty, side: 1, avgPrice: 100, mark: 101 });
const leg = (number, symbol, qty) => ({ id: `POSITION-${number}`, symbol, qty, side: 1, price: 90 + number, date: number });
const ids = (rows) => rows.map(({ id }) => id).join(" ");

test("individual positions stand below their net position, and last where the net quantity is 0", () => {
  const rows = positionRows([net("AAPL", 3), net("MSFT", 5)], [leg(1, "MSFT", 5), leg(2, "EURUSD", 9), leg(3, "AAPL", 1), leg(4, "AAPL", 2)]);
  assert.equal(ids(rows), "AAPL POSITION-3 POSITION-4 MSFT POSITION-1 POSITION-2");
  assert.deepEqual(rows.map(({ avgPrice, mark }) => [avgPrice, mark]), [[100, 101], [93, 101], [94, 101], [100, 101], [91, 101], [92, undefined]]);
});

test("they stay below it when the table is sorted", () => {
  const rows = positionRows([net("AAPL", 3), net("MSFT", 5)], [leg(1, "MSFT", 5), leg(3, "AAPL", 1), leg(4, "AAPL", 2)]);
  assert.equal(ids(sorted(rows, byNet(({ qty }) => qty), true)), "MSFT POSITION-1 AAPL POSITION-3 POSITION-4");
});

test("the prices of a bracket are those of its exit levels where it has them", () => {
  const exitLevels = [{ qty: 1, takeProfit: 120 }, { qty: 1, takeProfit: 130, stopLoss: 80 }];
  for (const [row, expected] of [[{ exitLevels }, [[120, 130], [80]]], [{ takeProfit: 9 }, [[9], []]]]) {
    assert.deepEqual(["takeProfit", "stopLoss"].map((name) => bracketPrices(row, name)), expected);
  }
});
