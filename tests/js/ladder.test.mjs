import assert from "node:assert/strict";
import { test } from "node:test";

import { ladderOf, middleOf, ownOrders } from "../../static/js/lib/ladder.js";

const BOOK = {
  asks: [{ price: 10.02, volume: 5 }, { price: 10.03, volume: 7 }, { price: 10.05, volume: 1 }],
  bids: [{ price: 9.98, volume: 4 }, { price: 10, volume: 3 }],
};
const TICK = 0.01;
const [BUY, SELL] = [1, -1];
const [LIMIT, STOP, WORKING, FILLED] = [1, 3, 6, 2];
const order = (id, side, more) => ({ id, symbol: "A", type: LIMIT, side, qty: 10, status: WORKING, ...more });
const own = (...orders) => ownOrders(orders, "A", TICK);
const rows = (rungs) => rungs.map(({ price, volume, total }) => [price, volume, total]);

test("a ladder that follows the market begins with the best levels and sums their sizes", () => {
  const { asks, bids } = ladderOf(BOOK, new Map(), { count: 3, tick: TICK });
  assert.deepEqual(rows(asks), [[10.02, 5, 5], [10.03, 7, 12], [10.05, 1, 13]]);
  assert.deepEqual(rows(bids), [[10, 3, 3], [9.98, 4, 7]]);
});

test("a fixed ladder has every price step; nothing joins the prices in the spread", () => {
  const { asks, bids } = ladderOf(BOOK, new Map(), { count: 3, tick: TICK, center: 10 });
  assert.deepEqual(asks.map(({ price, side, total }) => [price, side, total]), [[10.01, undefined, undefined], [10.02, SELL, 5], [10.03, SELL, 12]]);
  assert.deepEqual(bids.map(({ price, side, total }) => [price, side, total]), [[10, BUY, 3], [9.99, BUY, undefined], [9.98, BUY, 7]]);
});

const OWN = [
  ["a limit at a level", order("1", BUY, { limitPrice: 10 }), 10, 10],
  ["what is left of a partly filled order", order("1", BUY, { limitPrice: 10, filledQty: 4 }), 10, 6],
  ["a stop at its stop price", order("1", SELL, { type: STOP, stopPrice: 9.98 }), 9.98, 10],
  ["a limit between two levels", order("1", BUY, { limitPrice: 9.99 }), 9.99, 10],
  ["a sell limit in the spread", order("1", SELL, { limitPrice: 10.01 }), 10.01, 10],
  ["no order that was filled", order("1", BUY, { limitPrice: 10, status: FILLED }), 10, undefined],
  ["no order of another symbol", order("1", BUY, { limitPrice: 10, symbol: "B" }), 10, undefined],
];
for (const [name, one, price, qty] of OWN) {
  test(`the ladder shows ${name}`, () => {
    const { asks, bids } = ladderOf(BOOK, own(one), { count: 5, tick: TICK });
    assert.equal([...asks, ...bids].find((rung) => rung.price === price)?.own?.qty, qty);
  });
}

test("orders of one price are added up and canceled together", () => {
  const orders = own(order("1", BUY, { limitPrice: 10 }), order("2", BUY, { limitPrice: 10, qty: 5 }));
  assert.deepEqual([...orders.values()], [{ qty: 15, side: BUY, ids: ["1", "2"] }]);
});

test("the middle needs both sides", () => {
  assert.deepEqual([middleOf(BOOK), middleOf({ asks: [], bids: BOOK.bids })], [10.01, undefined]);
});
