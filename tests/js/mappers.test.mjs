import assert from "node:assert/strict";
import { test } from "node:test";

import { toBrackets, toConnection, toHistory, toIndividualPosition, toOrder, toSearchPage, toWireChange, toWireOrder } from "../../static/js/adapters/mappers.js";

const WIRE_ORDER = {
  id: "ORDER-1", symbol: "AAPL", type: 1, side: 1, qty: 10, status: 6, limitPrice: 190.5, stopPrice: null, filledQty: 0, avgPrice: null,
  createTime: 1, updateTime: 2, message: null, reason: null, commission: 0, clientOrderId: null,
};

test("unset fields of the wire are absent in the page", () => {
  const order = toOrder(WIRE_ORDER);
  assert.equal("stopPrice" in order, false);
  assert.equal(order.limitPrice, 190.5);
  assert.equal(order.filledQty, 0);
});

test("a command carries only what a command may carry", () => {
  const command = toWireOrder({ ...toOrder(WIRE_ORDER), qty: 12 });
  assert.deepEqual(command, { symbol: "AAPL", type: 1, side: 1, qty: 12, limitPrice: 190.5 });
});

test("a change says null for what is unset", () => {
  const change = toWireChange({ ...toOrder(WIRE_ORDER), qty: 12 });
  assert.deepEqual([change.qty, change.limitPrice, change.takeProfit, change.postOnly], [12, 190.5, null, null]);
  assert.equal("clientOrderId" in change, false);
});

test("a connection without message has none", () => {
  assert.deepEqual(toConnection({ status: 1, message: null, disconnectType: null, timestamp: 5 }), { status: 1 });
});

test("history keeps its bars and says whether there is more", () => {
  const bar = { time: 60_000, open: 1, high: 2, low: 1, close: 2, volume: 3 };
  assert.deepEqual(toHistory({ bars: [bar], no_data: false, next_time: null }), { bars: [bar], meta: { noData: false, nextTime: null } });
});

test("exit levels are without nulls in the page, and a bracket change says null without them", () => {
  const level = { id: "1", qty: 5, takeProfit: 200, stopLoss: null, guaranteedStop: null, trailingStopPips: null };
  const shown = [{ id: "1", qty: 5, takeProfit: 200 }];
  assert.deepEqual(toOrder({ ...WIRE_ORDER, exitLevels: [level] }).exitLevels, shown);
  assert.deepEqual(toIndividualPosition({ id: "POSITION-1", exitLevels: [level], stopLoss: null }), { id: "POSITION-1", exitLevels: shown });
  assert.deepEqual(toBrackets({ exitLevels: shown }).exitLevels, shown);
  assert.deepEqual([toBrackets({}).exitLevels, toWireChange(toOrder(WIRE_ORDER)).exitLevels], [null, null]);
});

test("levels of the platform go to the server with ids that it takes", () => {
  const long = "0f8fad5b-d9cb-469f-a165-70867728950e";
  const sent = [{ id: "2", qty: 1, isExisting: true }, { id: long, qty: 2 }, { qty: 3 }];
  assert.deepEqual(toBrackets({ exitLevels: sent }).exitLevels, [{ id: "2", qty: 1 }, { id: "1", qty: 2 }, { id: "3", qty: 3 }]);
  assert.deepEqual(toWireOrder({ ...toOrder(WIRE_ORDER), exitLevels: sent }).exitLevels.map(({ id }) => id), ["2", "1", "3"]);
});

test("a new order may name an individual position, a change cannot", () => {
  const order = { ...toOrder(WIRE_ORDER), positionId: "POSITION-1" };
  assert.equal(toWireOrder(order).positionId, "POSITION-1");
  assert.equal("positionId" in toWireChange(order), false);
});

test("a page of a search says how many matches follow", () => {
  assert.deepEqual(toSearchPage({ items: [], symbols_remaining: 3 }), { symbols: [], symbolsRemaining: 3 });
});
