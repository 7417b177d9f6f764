import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bracketOrder, crossingText, orderChoices, partOf, roundToTick, tagColumns, withBracket,
} from "../../static/js/lib/chart-orders.js";

const QUOTE = { bid: 99.5, ask: 100.5 };
const LIMIT = 1;
const STOP = 3;

const CHOICES = [
  ["below the market", 90, ["Buy limit", "Sell stop"]],
  ["above the market", 110, ["Sell limit", "Buy stop"]],
  ["between bid and ask", 100, ["Buy limit", "Sell limit"]],
  ["at the bid", 99.5, ["Buy limit"]],
  ["at the ask", 100.5, ["Sell limit"]],
];
for (const [place, price, names] of CHOICES) {
  test(`orders that rest ${place}`, () => assert.deepEqual(orderChoices(price, QUOTE).map(({ name }) => name), names));
}

test("without a quote no order is offered", () => assert.deepEqual(orderChoices(90, {}), []));

const CROSSING = [
  ["buy limit below the ask rests", { side: 1, type: LIMIT }, 100, ""],
  ["buy limit at the ask", { side: 1, type: LIMIT }, 100.5, "A limit at 100.50 would trade at once: the market is at 100.50."],
  ["sell limit below the bid", { side: -1, type: LIMIT }, 90, "A limit at 90.00 would trade at once: the market is at 99.50."],
  ["sell stop below the bid rests", { side: -1, type: STOP }, 90, ""],
  ["sell stop above the bid", { side: -1, type: STOP }, 101, "A stop at 101.00 would trigger at once: the market is at 99.50."],
];
for (const [name, order, price, text] of CROSSING) {
  test(`warning of a price: ${name}`, () => assert.equal(crossingText(order, price, QUOTE, 2), text));
}

test("an order that does not work yet is not warned of, and each price of a stop limit is one order", () => {
  assert.equal(partOf({ side: 1, status: 3 }, "limitPrice"), null);
  assert.deepEqual(partOf({ side: 1, status: 6 }, "limitPrice"), { side: 1, type: LIMIT });
  assert.deepEqual(partOf({ side: -1, status: 6 }, "stopPrice"), { side: -1, type: STOP });
});

test("brackets of a long position sell: a limit takes profit, a stop limits the loss", () => {
  assert.deepEqual(bracketOrder(1, "takeProfit"), { side: -1, type: LIMIT });
  assert.deepEqual(bracketOrder(1, "stopLoss"), { side: -1, type: STOP });
});

test("a stop loss takes the place of another stop, a take profit keeps it", () => {
  const brackets = { takeProfit: 110, trailingStopPips: 50 };
  assert.deepEqual(withBracket(brackets, "stopLoss", 90), { takeProfit: 110, stopLoss: 90 });
  assert.deepEqual(withBracket(brackets, "takeProfit", 120), {
    takeProfit: 120, stopLoss: undefined, trailingStopPips: 50, guaranteedStop: undefined,
  });
});

const ROUNDED = [[215.126, 0.01, 215.13], [1.026149, 0.00001, 1.02615], [101.3, 0.25, 101.25], [12.4, 5, 10]];
for (const [price, tick, rounded] of ROUNDED) {
  test(`${price} rounded to steps of ${tick}`, () => assert.equal(roundToTick(price, tick), rounded));
}

const COLUMNS = [
  ["apart", [0, 40, 80], [0, 0, 0]],
  ["close together", [0, 10, 40], [0, 1, 0]],
  ["one is not visible", [5, null, 10], [0, 0, 1]],
  ["in any order", [30, 0, 15], [0, 0, 1]],
];
for (const [name, tops, columns] of COLUMNS) {
  test(`tags of lines: ${name}`, () => assert.deepEqual(tagColumns(tops, 20), columns));
}
