import assert from "node:assert/strict";
import { test } from "node:test";

import * as format from "../../static/js/lib/format.js";

const table = (name, rows, act) => {
  for (const [input, expected] of rows) test(`${name}: ${JSON.stringify(input)} -> ${expected}`, () => assert.equal(act(input), expected));
};

table("decimals of a step", [[0.01, 2], [1e-8, 8], [0.00001, 5], [1, 0], [100, 0], [0.25, 2], [2.5e-7, 8]], format.decimalsOf);

table("price keeps the instrument's decimals", [
  [[210.5, 2], "210.50"], [[62000, 2], "62,000.00"], [[1.1, 5], "1.10000"], [[-3.25, 2], "−3.25"],
  [[undefined, 2], "–"], [[NaN, 2], "–"],
], ([value, decimals]) => format.price(value, decimals));

table("quantity has as few decimals as it needs", [
  [10, "10"], [1500, "1,500"], [1e-8, "0.00000001"], [0.5, "0.5"], [null, "–"],
], format.qty);

table("a gain has its sign", [
  [1.5, "+1.50"], [-1.5, "−1.50"], [0, "0.00"], [-0.001, "0.00"], [0.001, "0.00"],
], (value) => format.signed(value));

table("percent", [[1.234, "+1.23%"], [-4.956, "−4.96%"], [undefined, "–"]], format.percent);

table("compact count", [[55_000_000, "55M"], [2010, "2.01K"], [90e9, "90B"], [12, "12"]], format.compact);

table("tone", [[1, "up"], [-1, "down"], [0, ""], [undefined, ""]], format.tone);

table("typed number", [
  ["1.5", 1.5], [" 1,000.25 ", 1000.25], ["−3", -3], [".5", 0.5], ["", NaN], ["1e5", NaN], ["abc", NaN], ["1.2.3", NaN], ["Infinity", NaN],
], format.parseNumber);

table("number for an input field", [
  [0.00000001, "0.00000001"], [100, "100"], [1.5, "1.5"], [undefined, ""],
], (value) => format.plain(value));

test("number for a price field has the decimals asked for", () => assert.equal(format.plain(210.5, 2), "210.50"));

test("times are written in UTC", () => {
  const time = Date.UTC(2024, 0, 31, 23, 5, 9);
  assert.equal(format.clock(time), "23:05:09");
  assert.equal(format.dateTime(time), "2024-01-31 23:05:09");
});
