import assert from "node:assert/strict";
import { test } from "node:test";

import { exitsOf, orderOf } from "../../static/js/dialogs.js";

const LIMIT = { symbol: "AAPL", type: 1, side: 1, qty: 10, limitPrice: 190, takeProfit: 200 };

/** Values of the form, and the exits that are sent. */
const ROWS = [
  ["no exit", { takeProfit: "", stopLoss: "" }, {}],
  ["one pair", { takeProfit: "200", stopLoss: "180.5" }, { takeProfit: 200, stopLoss: 180.5 }],
  ["a trailing stop", { trailingStopPips: "50" }, { trailingStopPips: 50 }],
  ["levels, which replace the pair", { takeProfit: "200", "level0.qty": "6", "level0.takeProfit": "205", "level2.id": "far", "level2.qty": "4", "level2.stopLoss": "170" },
    { exitLevels: [{ id: "1", qty: 6, takeProfit: 205 }, { id: "far", qty: 4, stopLoss: 170 }] }],
];

for (const [name, values, exits] of ROWS) {
  test(`exits of a form: ${name}`, () => assert.deepEqual(exitsOf(values), exits));
}

test("an order takes its quantity, its prices and its exits from the form", () => {
  assert.deepEqual(orderOf(LIMIT, { qty: "5", limitPrice: "189.5", stopLoss: "180" }),
    { symbol: "AAPL", type: 1, side: 1, qty: 5, limitPrice: 189.5, stopLoss: 180 });
  assert.equal("limitPrice" in orderOf({ ...LIMIT, type: 2 }, { qty: "5", limitPrice: "1" }), false);
});

test("a bracket keeps its parent and gets no exits", () => {
  const bracket = { id: "ORDER-2", symbol: "AAPL", type: 3, side: -1, qty: 10, stopPrice: 180, status: 6, parentId: "AAPL", parentType: 2 };
  assert.deepEqual(orderOf(bracket, { qty: "10", stopPrice: "181", takeProfit: "1" }), { ...bracket, stopPrice: 181 });
});
