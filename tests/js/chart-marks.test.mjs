import assert from "node:assert/strict";
import { test } from "node:test";

import { Collection } from "../../static/js/lib/store.js";
import { arrowMarks, barAt, edgeText, lineMarks, withDraft } from "../../static/js/views/chart-marks.js";

const BARS = [60_000, 120_000, 180_000].map((time) => ({ time, open: 2, high: 3, low: 1, close: 2 }));

function stateOf({ orders = [], positions = [], individualPositions = [], executions = [] }) {
  const collect = (items) => {
    const collection = new Collection();
    for (const item of items) collection.put(item.id, item);
    return collection;
  };
  return {
    orders: collect(orders), positions: collect(positions), individualPositions: collect(individualPositions), executions: collect(executions),
  };
}

for (const [time, expected] of [[60_000, 60_000], [119_999, 60_000], [120_000, 120_000], [999_999, 180_000], [59_999, null]]) {
  test(`bar of the moment ${time} is ${expected}`, () => assert.equal(barAt(BARS, time)?.time ?? null, expected));
}

test("working stop-limit order has two lines, final and foreign orders have none", () => {
  const order = { id: "1", symbol: "AAPL", type: 4, side: 1, qty: 5, status: 6, limitPrice: 11, stopPrice: 10 };
  const state = stateOf({ orders: [order, { ...order, id: "2", status: 2 }, { ...order, id: "3", symbol: "MSFT" }] });
  assert.deepEqual(lineMarks("AAPL", state).map(({ key, price }) => [key, price]), [["limit:1", 11], ["stop:1", 10]]);
});

test("position line carries its profit and its tone", () => {
  const state = stateOf({ positions: [{ id: "AAPL", symbol: "AAPL", qty: 5, side: -1, avgPrice: 10, pl: -2.5 }] });
  const [line] = lineMarks("AAPL", state);
  assert.equal(line.title, "Short 5");
  assert.deepEqual(line.profit, { text: "−2.50", room: "−5.00".length });
  assert.equal(line.tone, "down");
});

test("arrows stand at the bar of their execution, sales above and purchases below it, in order of time", () => {
  const execution = { id: "2", orderId: "1", symbol: "AAPL", price: 1, qty: 3, side: 1, time: 130_000 };
  const state = stateOf({ executions: [execution, { ...execution, id: "1", side: -1, time: 70_000 }, { ...execution, id: "0", time: 5 }] });
  const arrows = arrowMarks("AAPL", state, BARS).map(({ time, price, text }) => [time, price, text]);
  assert.deepEqual(arrows, [[60_000, 3, "Sell 3"], [120_000, 1, "Buy 3"]]);
});

const LINES = [{ title: "Buy 10 limit", price: 150 }, { title: "Buy 5 limit", price: 160.5 }];
const EDGES = [
  ["one line is named with its price", LINES.slice(0, 1), "▼ Buy 10 limit at 150.00", "Show on the chart"],
  [
    "several lines are counted, and the hint lists each", LINES, "▼ 2 below: 150.00 to 160.50",
    "Show on the chart:\nBuy 5 limit at 160.50\nBuy 10 limit at 150.00",
  ],
  ["lines at one price have one price", [LINES[0], LINES[0]], "▼ 2 below: 150.00", "Show on the chart:\nBuy 10 limit at 150.00\nBuy 10 limit at 150.00"],
];
for (const [name, lines, text, hint] of EDGES) {
  test(`lines beyond the edge: ${name}`, () => assert.deepEqual(edgeText("below", lines, 2), { text, hint }));
}

test("a moved line is at its new price, and a new line is added", () => {
  const state = stateOf({ orders: [{ id: "1", symbol: "AAPL", type: 1, side: 1, qty: 5, status: 6, limitPrice: 11 }] });
  const lines = lineMarks("AAPL", state);
  assert.deepEqual(withDraft(lines, null), lines);
  assert.deepEqual(withDraft(lines, { key: "limit:1", price: 12, title: "", tone: "up" }).map(({ price }) => price), [12]);
  const added = withDraft(lines, { key: "draft:new", price: 13, title: "Take profit", tone: "up" });
  assert.deepEqual(added.map(({ price, isMovable }) => [price, isMovable]), [[11, true], [13, true]]);
});

test("a net position of individual ones has no brackets to pull out", () => {
  const position = { id: "AAPL", symbol: "AAPL", qty: 5, side: 1, avgPrice: 10, pl: 0 };
  for (const [symbol, count] of [["AAPL", 0], ["MSFT", 2]]) {
    const [line] = lineMarks("AAPL", stateOf({ positions: [position], individualPositions: [{ id: "POSITION-1", symbol }] }));
    assert.equal(line.pulls.length, count);
  }
});

test("an order has brackets to pull out, a bracket has none, and a trailing stop cannot be moved", () => {
  const order = { id: "1", symbol: "AAPL", type: 1, side: 1, qty: 5, status: 6, limitPrice: 11 };
  const bracket = { ...order, id: "2", parentId: "1" };
  const trailing = { ...order, id: "3", type: 3, stopPrice: 9, stopType: 1, parentId: "1" };
  const lines = lineMarks("AAPL", stateOf({ orders: [order, bracket, trailing] }));
  assert.deepEqual(lines.map(({ pulls, isMovable }) => [pulls.length, isMovable]), [[2, true], [0, true], [0, false]]);
});
