import assert from "node:assert/strict";
import { test } from "node:test";

import { proposedPrices } from "../../static/js/views/ticket-prices.js";

const [LIMIT, MARKET, STOP, STOP_LIMIT] = [1, 2, 3, 4];
const [BUY, SELL] = [1, -1];
const QUOTE = { bid: 99.99, ask: 100.01 };
const rounded = (prices) => Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, Number(price.toFixed(2))]));

const ROWS = [
  ["a market order has no price", MARKET, BUY, {}],
  ["a limit to buy is at the bid", LIMIT, BUY, { limitPrice: 99.99 }],
  ["a limit to sell is at the ask", LIMIT, SELL, { limitPrice: 100.01 }],
  ["a stop to buy is above the market", STOP, BUY, { stopPrice: 100.22 }],
  ["a stop to sell is below the market", STOP, SELL, { stopPrice: 99.78 }],
  ["the limit of a stop limit to buy is above its stop", STOP_LIMIT, BUY, { stopPrice: 100.22, limitPrice: 100.33 }],
  ["the limit of a stop limit to sell is below its stop", STOP_LIMIT, SELL, { stopPrice: 99.78, limitPrice: 99.67 }],
];

for (const [name, type, side, prices] of ROWS) {
  test(name, () => assert.deepEqual(rounded(proposedPrices({ type, side }, QUOTE, 0.01)), prices));
}

test("the limit of a stop limit follows the stop that was typed", () => {
  assert.equal(rounded(proposedPrices({ type: STOP_LIMIT, side: BUY }, QUOTE, 0.01, 120)).limitPrice, 120.11);
});

test("a wide spread puts the stop further away", () => {
  assert.equal(proposedPrices({ type: STOP, side: SELL }, { bid: 99, ask: 101 }, 0.5).stopPrice, 79);
});

test("nothing is proposed without a quote", () => assert.deepEqual(proposedPrices({ type: STOP, side: BUY }, {}, 0.01), {}));
