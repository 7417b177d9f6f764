import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords } from "../../static/js/lib/words.js";

const ROWS = [
  ["limitPrice 215.123 is not a multiple of 0.01 for AAPL", "Limit price must be a multiple of 0.01."],
  ["qty 1.5 is not a multiple of 1 for AAPL", "Quantity must be a multiple of 1."],
  ["qty 0 is outside 1..1000000 for AAPL", "Quantity must be between 1 and 1,000,000 for AAPL."],
  ["qty 0 is not within 1..1000000 for AAPL", "Quantity must be between 1 and 1,000,000 for AAPL."],
  ["takeProfit 1 is not above 216.5", "Take profit must be above 216.5."],
  ["stopLoss 300 is not below 216.5", "Stop loss must be below 216.5."],
  ["stopPrice -1 is not above zero", "Stop price must be above zero."],
  ["limitPrice is required for this order type", "Limit price is missing."],
  ["stop price 200 would trigger immediately, the market is 216.5", "A stop at 200 would trigger at once: the market is at 216.5."],
  ["1234567.50 of margin is required, 90423.00 is available", "Not enough margin: 1,234,567.50 is required, 90,423.00 is free."],
  ["price 900 is outside 108.2..324.6 around the market of AAPL", "Price must be between 108.2 and 324.6 around the market of AAPL."],
  ["order ORDER-12345 is filled", "Order ORDER-12345 is filled."],
  ["expires 2027-06-01 at 14:00", "Expires 2027-06-01 at 14:00."],
  ["there is no AAPL position for this order to reduce", "There is no AAPL position for this order to reduce."],
  ["The server cannot be reached.", "The server cannot be reached."],
  ["", ""],
];

for (const [text, words] of ROWS) test(`"${text}" becomes "${words}"`, () => assert.equal(inWords(text), words));

const PRICES = [
  ["takeProfit 1 is not above 216.5", 2, "Take profit must be above 216.50."],
  ["stop price 1.1 would trigger immediately, the market is 1.23456", 5, "A stop at 1.10000 would trigger at once: the market is at 1.23456."],
  ["price 9 is outside 1.2..3.456 around the market of S200", 2, "Price must be between 1.20 and 3.456 around the market of S200."],
  ["limitPrice 215.123 is not a multiple of 0.01 for AAPL", 5, "Limit price must be a multiple of 0.01."],
  ["qty 1 is not above the filled 3", 2, "Quantity must be above 3."],
];

for (const [text, decimals, words] of PRICES) {
  test(`"${text}" with ${decimals} decimals becomes "${words}"`, () => assert.equal(inWords(text, decimals), words));
}
