/** The host for the sessions finds a broken rule of each kind: [rule, what the broker tells]. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { HeadlessHost } from "./host.mjs";

const ORDER = { id: "O", symbol: "AAPL", type: 1, side: 1, qty: 10, limitPrice: 190, status: 6, filledQty: 0 };
const POSITION = { id: "AAPL", symbol: "AAPL", side: 1, qty: 10, avgPrice: 190 };
const LEG = { ...ORDER, id: "LEG", side: -1, parentId: "AAPL", parentType: 2 };
const OWN = { id: "P", symbol: "AAPL", side: 1, qty: 4, price: 190, date: 1 };

/** Rules that are checked when an update comes. */
const TOLD = [
  ["a final order does not change", (host) => [{ status: 2, filledQty: 10 }, {}].forEach((more) => host.orderUpdate({ ...ORDER, ...more }))],
  ["an order has a status of the platform", (host) => host.orderUpdate({ ...ORDER, status: 9 })],
  ["an order has a quantity above zero", (host) => host.orderUpdate({ ...ORDER, qty: 0 })],
  ["an order fills no more than its quantity", (host) => host.orderUpdate({ ...ORDER, filledQty: 11 })],
  ["a bracket has parentId and parentType", (host) => [host.positionUpdate(POSITION), host.orderUpdate({ ...LEG, parentType: undefined })]],
  ["the parent of a bracket is known before it", (host) => host.orderUpdate(LEG)],
  ["the parent of a bracket is known before it", (host) => [host.positionUpdate(POSITION), host.orderUpdate({ ...LEG, parentType: 3 })]],
  ["ids of orders and positions differ", (host) => [host.positionUpdate(POSITION), host.orderUpdate({ ...ORDER, id: "AAPL" })]],
  ["a closed position has the id of an open one", (host) => [host.positionUpdate(POSITION), host.positionUpdate({ ...POSITION, id: "0", qty: 0 })]],
  ["a closed individual position stays closed", (host) => [4, 0, 4].forEach((qty) => host.individualPositionUpdate({ ...OWN, qty }))],
  ["an execution has a quantity and a price", (host) => host.executionUpdate({ id: "E", orderId: "O", symbol: "AAPL", qty: 0, price: 1 })],
  ["profits are those of open positions", (host) => host.plUpdate("AAPL", 1)],
  ["a profit is a number", (host) => [host.positionUpdate(POSITION), host.plUpdate("AAPL", Number.NaN)]],
  ["bid is not above ask", (host) => host.realtimeUpdate("AAPL", { bid: 2, ask: 1 })],
  ["levels of the depth ascend by price", (host) => host.domUpdate("AAPL", { asks: [{ price: 2 }, { price: 1 }], bids: [] })],
  ["pip values are above zero", (host) => host.pipValueUpdate("AAPL", { buyPipValue: 0, sellPipValue: 1 })],
  ["the told connection is that of the broker", (host) => host.connectionStatusUpdate(3)],
];

/** Rules that are checked between commands. */
const BETWEEN = [
  ["lists equal the updates", (host) => host.orderUpdate(ORDER)],
  ["the parent of an open bracket is open", (host) => [POSITION, { ...POSITION, qty: 0 }].forEach((one) => host.positionUpdate(one)) ?? host.orderUpdate(LEG)],
  ["brackets of positions work", (host) => [host.positionUpdate(POSITION), host.orderUpdate({ ...LEG, status: 3 })]],
  ["exits never exceed the position", (host) => [host.positionUpdate(POSITION), host.orderUpdate({ ...LEG, qty: 11 })]],
  ["individual positions sum to the net position", (host) => [host.positionUpdate(POSITION), host.individualPositionUpdate(OWN)]],
  ["an execution belongs to an order", (host) => host.executionUpdate({ id: "E", orderId: "O", symbol: "AAPL", qty: 1, price: 1 })],
  ["prices lie on the tick grid", (host) => host.orderUpdate({ ...ORDER, limitPrice: 190.005 })],
  ["quantities lie on the lot grid", (host) => host.orderUpdate({ ...ORDER, qty: 1.5 })],
  ["orders are present after a reconnect", (host) => [host.orderUpdate(ORDER), host.load()][1]],
];

/** A host with a broker without orders, which accepts commands and sends no update. */
function setUp(more = {}) {
  const none = async () => [];
  const host = new HeadlessHost();
  host.attach({
    connectionStatus: () => 1, positions: none, individualPositions: none, orders: none, ordersHistory: none,
    symbolInfo: async () => ({ minTick: 0.01, qty: { step: 1 } }), placeOrder: async () => ({ orderId: "O" }), ...more,
  });
  return host;
}

const rulesOf = ({ violations }) => violations.map((violation) => violation.split(":")[0]);

for (const [rule, tell] of TOLD) {
  test(`finds: ${rule}`, () => {
    const host = setUp();
    tell(host);
    assert.deepEqual(rulesOf(host), [rule]);
  });
}

for (const [rule, tell] of BETWEEN) {
  test(`finds between commands: ${rule}`, async () => {
    const host = setUp();
    await tell(host);
    await host.verify();
    assert.ok(rulesOf(host).includes(rule), host.violations.join("\n"));
  });
}

test("finds a command that is not confirmed within 10 s, and none that is", async () => {
  const host = setUp();
  const silent = host.command("placeOrder", ORDER);
  host.advance(9_999);
  assert.deepEqual(host.violations, []);
  host.advance(1);
  await silent;
  assert.deepEqual(rulesOf(host), ["a command is confirmed within 10 s"]);
  const confirmed = host.command("placeOrder", ORDER);
  host.orderUpdate(ORDER);
  await confirmed;
  host.advance(20_000);
  assert.equal(host.violations.length, 1);
});

test("a refused command needs no confirmation", async () => {
  const host = setUp({ placeOrder: () => Promise.reject(new Error("no margin")) });
  await assert.rejects(host.command("placeOrder", ORDER), /no margin/);
  host.advance(20_000);
  assert.deepEqual(host.violations, []);
});

test("finds a command on a broker that is not connected", async () => {
  const host = setUp({ connectionStatus: () => 2, placeOrder: () => Promise.reject(new Error("down")) });
  await assert.rejects(host.command("placeOrder", ORDER));
  assert.deepEqual(rulesOf(host), ["commands need a connected broker"]);
});
