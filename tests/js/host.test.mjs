import assert from "node:assert/strict";
import { test } from "node:test";

import { Host } from "../../static/js/host.js";
import { createState } from "../../static/js/state.js";

const ORDER = { id: "ORDER-1", symbol: "AAPL", type: 1, side: 1, qty: 10, limitPrice: 190, status: 6, filledQty: 0 };
const POSITION = { id: "AAPL", symbol: "AAPL", qty: 10, side: 1, avgPrice: 190, pl: 0 };
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(account = {}) {
  const state = createState("AAPL");
  const toasts = [];
  const host = new Host(state, { decimals: () => 2 }, ({ title, text }) => toasts.push(`${title}: ${text}`), () => 0);
  const none = async () => [];
  host.attach({ orders: none, ordersHistory: none, positions: none, executions: none, money: async () => null, config: () => null, ...account });
  const log = () => state.log.value().map(({ title }) => title);
  return { host, state, toasts, log };
}

test("a placed, a modified and a filled order are confirmed, each in the place of the one before", () => {
  const { host, state, toasts, log } = setUp();
  host.orderUpdate(ORDER);
  host.orderUpdate({ ...ORDER, limitPrice: 191 });
  host.orderUpdate({ ...ORDER, limitPrice: 191, status: 2, filledQty: 10, avgPrice: 190.98 });
  assert.deepEqual(log(), ["Order placed", "Order modified", "Order filled"]);
  assert.deepEqual(toasts, [
    "Order placed: Buy 10 AAPL limit 190.00", "Order modified: Buy 10 AAPL limit 191.00", "Order filled: Bought 10 AAPL at 190.98",
  ]);
  assert.deepEqual(state.log.value().map(({ key }) => key), ["ORDER-1", "ORDER-1", "ORDER-1"]);
});

test("a working order can be canceled from its confirmation, a filled one cannot", () => {
  const canceled = [];
  const { host, state } = setUp({ cancelOrder: async (id) => canceled.push(id) });
  host.orderUpdate(ORDER);
  state.log.value()[0].action.run();
  host.orderUpdate({ ...ORDER, status: 2, filledQty: 10, avgPrice: 190 });
  assert.deepEqual(canceled, ["ORDER-1"]);
  assert.equal(state.log.value()[1].action, undefined);
});

test("brackets are written into the log, without a toast", () => {
  const { host, toasts, log } = setUp();
  host.orderUpdate({ ...ORDER, parentId: "AAPL" });
  assert.deepEqual([log(), toasts], [["Order placed"], []]);
});

test("a market order is told once, when it is filled", () => {
  const { host, log } = setUp();
  host.orderUpdate({ ...ORDER, type: 2 });
  host.orderUpdate({ ...ORDER, type: 2, status: 2, filledQty: 10, avgPrice: 190 });
  assert.deepEqual(log(), ["Order filled"]);
});

test("a rejection carries the server's words", () => {
  const { host, toasts } = setUp();
  host.orderUpdate({ ...ORDER, status: 5, message: { text: "margin is short", type: "error" } });
  assert.deepEqual(toasts, ["Order rejected: Buy 10 AAPL limit 190.00: Margin is short."]);
});

test("a position update with quantity 0 removes it", () => {
  const { host, state } = setUp();
  host.positionUpdate(POSITION);
  host.positionUpdate({ ...POSITION, qty: 0 });
  assert.equal(state.positions.size, 0);
});

test("profit updates keep their mark when the position changes", () => {
  const { host, state } = setUp();
  host.positionUpdate(POSITION);
  host.plUpdate("AAPL", 5, 190.5);
  host.positionUpdate({ ...POSITION, qty: 20, pl: 4 });
  assert.deepEqual([state.positions.get("AAPL").pl, state.positions.get("AAPL").mark], [4, 190.5]);
});

test("a fill that was missed is told when the account is read anew, an old one is not", async () => {
  const filled = { ...ORDER, status: 2, filledQty: 10, avgPrice: 190 };
  const { host, toasts } = setUp({ orders: async () => [filled, { ...filled, id: "ORDER-0" }] });
  host.orderUpdate(ORDER);
  host.currentAccountUpdate(["orders"]);
  await settled();
  assert.deepEqual(toasts, ["Order placed: Buy 10 AAPL limit 190.00", "Order filled: Bought 10 AAPL at 190.00"]);
});

test("a position closed while nobody listened is gone after reading anew", async () => {
  const { host, state } = setUp();
  host.positionUpdate(POSITION);
  host.currentAccountUpdate(["positions"]);
  await settled();
  assert.equal(state.positions.size, 0);
});

test("individual positions are read where the account has them, also when its flags come later", async () => {
  const flags = { supportPositionNetting: false };
  const individualPositions = async () => [{ id: "POSITION-1", symbol: "AAPL", qty: 2 }];
  const { host, state } = setUp({ config: () => flags, individualPositions });
  host.currentAccountUpdate(["positions"]);
  await settled();
  assert.equal(state.individualPositions.size, 0);
  flags.supportPositionNetting = true;
  host.patchConfig(flags);
  await settled();
  host.individualPositionPLUpdate("POSITION-1", 7);
  assert.equal(state.individualPositions.get("POSITION-1").pl, 7);
  host.individualPositionUpdate({ id: "POSITION-1", symbol: "AAPL", qty: 0 });
  assert.equal(state.individualPositions.size, 0);
});

test("the reply of an older read is too late", async () => {
  const replies = [];
  const { host, state } = setUp({ positions: () => new Promise((resolve) => replies.push(resolve)) });
  host.currentAccountUpdate(["positions"]);
  host.currentAccountUpdate(["positions"]);
  replies[1]([POSITION]);
  await settled();
  replies[0]([]);
  await settled();
  assert.equal(state.positions.size, 1);
});

test("money that the stream brought while it was read stays", async () => {
  let reply;
  const { host, state } = setUp({ money: () => new Promise((resolve) => { reply = resolve; }) });
  host.currentAccountUpdate(["equity"]);
  host.equityUpdate(2, { equity: 2 });
  reply({ equity: 1 });
  await settled();
  assert.equal(state.money.value().equity, 2);
});

test("the log has a bound", () => {
  const { host, state } = setUp();
  for (let number = 0; number < 300; number += 1) host.note("title", String(number));
  assert.equal(state.log.value().length, 200);
  assert.equal(state.log.value().at(-1).text, "299");
});
