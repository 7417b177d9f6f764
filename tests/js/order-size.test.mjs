import assert from "node:assert/strict";
import { test } from "node:test";

import { missingForSize, pointValueOf, quantityOf, steppedSize } from "../../static/js/lib/order-size.js";

const STOCK = { price: 200, stopDistance: 4, equity: 100_000, pointValue: 1, step: 1 };
const YEN = { price: 117.3, stopDistance: 0.5, equity: 100_000, pointValue: 0.0085, step: 1 };
const COIN = { price: 90_000, stopDistance: 1000, equity: 100_000, pointValue: 1, step: 1e-8 };

const QUANTITIES = [
  ["units", 25, STOCK, 25],
  ["money", 5000, STOCK, 25],
  ["money", 5199, STOCK, 25],
  ["equity", 10, STOCK, 50],
  ["risk", 1, STOCK, 250],
  ["risk", 1, YEN, 235_294],
  ["money", 1000, COIN, 0.01111111],
  ["money", 100, STOCK, 0],
  ["risk", 1, { ...STOCK, stopDistance: undefined }, NaN],
  ["risk", 1, { ...STOCK, stopDistance: 0 }, NaN],
  ["equity", 1, { ...STOCK, equity: undefined }, NaN],
  ["money", NaN, STOCK, NaN],
];
for (const [unit, value, facts, quantity] of QUANTITIES) {
  test(`${value} ${unit} at ${facts.price} are ${quantity} units`, () => assert.equal(quantityOf(unit, value, facts), quantity));
}

const MISSING = [
  ["units", NaN, STOCK, ""],
  ["money", 5000, STOCK, ""],
  ["money", 100, STOCK, "The size is less than the smallest quantity, 1."],
  ["money", NaN, STOCK, "Enter a size."],
  ["equity", 0, STOCK, "The size must be above zero."],
  ["risk", 1, { ...STOCK, stopDistance: undefined }, "Enter a stop loss: the size follows from its distance."],
  ["money", 1, { ...STOCK, price: undefined }, "The size cannot be computed without a price."],
];
for (const [unit, value, facts, text] of MISSING) {
  test(`${value} ${unit}: ${text || "nothing is missing"}`, () => assert.equal(missingForSize(unit, value, facts), text));
}

const STEPS = [
  ["units", 25, 1, 1, 26], ["units", 1, -1, 1, 1], ["units", 500, 1, 1, 510], ["units", NaN, 1, 1, 1],
  ["units", 0.5, -1, 1e-8, 0.49], ["money", 5000, 1, 1, 5100], ["risk", 0.5, 1, 1, 0.6], ["equity", 10, -1, 1, 9],
];
for (const [unit, value, direction, step, next] of STEPS) {
  test(`${value} ${unit} by ${direction} step is ${next}`, () => assert.equal(steppedSize(unit, value, direction, step), next));
}

test("the value of a point follows from pip and lot", () => {
  assert.equal(pointValueOf({ pipValue: 0.01, pipSize: 0.01, lotSize: 1 }), 1);
  assert.ok(Math.abs(pointValueOf({ pipValue: 10, pipSize: 0.0001, lotSize: 100_000 }) - 1) < 1e-12);
});
