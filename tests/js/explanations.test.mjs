import assert from "node:assert/strict";
import { test } from "node:test";

import { reasoningOfExecution, reasoningOfOrder } from "../../static/js/lib/explanations.js";

const EXPLANATION = {
  execution: { id: "EXEC-1", orderId: "ORDER-1", symbol: "AAPL", price: 215.92, qty: 10, side: 1, time: 0, commission: 1.5, maker: false },
  rule: "market", quote: { time: 0, bid: 215.86, ask: 215.9, last: 215.88, bidSize: 300, askSize: 1200 },
  level: 1, levelPrice: 215.9, displayed: 1200, takenBefore: 0, slippage: 0.02, draw: 0.1234,
  margin: { equity: 100000, used: 0, reserved: 0, available: 100000, required: 215.92 },
};
const figure = ({ facts }, name) => facts.find(([title]) => title === name)?.[1];

test("an execution is explained by rule, quote, level, slippage and margin", () => {
  const reasoning = reasoningOfExecution(EXPLANATION, 2);
  assert.equal(reasoning.title, "Bought 10 AAPL at 215.92");
  assert.match(reasoning.rule, /^A market order takes the best prices/);
  const shown = ["Bid and ask", "Level of the book", "Slippage", "Random number of the slippage", "Commission", "Further margin needed"];
  assert.deepEqual(shown.map((name) => figure(reasoning, name)), [
    "215.86 × 300 / 215.90 × 1,200", "1 at 215.90, 1,200 shown", "+0.02", "0.1234", "1.50", "215.92",
  ]);
});

test("facts that do not apply are left out", () => {
  const { level, levelPrice, displayed, draw, ...rest } = EXPLANATION;
  const reasoning = reasoningOfExecution({ ...rest, rule: "guaranteed stop", slippage: 0 }, 2);
  const absent = ["Level of the book", "Random number of the slippage", "Conversion", "Taken by you before"];
  assert.deepEqual(absent.map((name) => figure(reasoning, name)), absent.map(() => undefined));
  assert.equal(figure(reasoning, "Slippage"), "none");
});

test("the conversion names the rate and the symbol that gave it", () => {
  const reasoning = reasoningOfExecution({ ...EXPLANATION, rate: { symbol: "USDJPY", currency: "JPY", value: 0.0065 } }, 2);
  assert.equal(figure(reasoning, "Conversion"), "1 JPY = 0.006500, from USDJPY");
});

const ORDER = { id: "ORDER-1", symbol: "AAPL", type: 2, side: 1, qty: 100000, updateTime: 0 };
const ENDED = [
  ["INSUFFICIENT_MARGIN", 5, "2159500.00 of margin is required, 99897.30 is available", /no more margin than is free/,
    "Not enough margin: 2,159,500.00 is required, 99,897.30 is free."],
  ["HALTED", 5, "AAPL is halted", /while the symbol is halted/, "AAPL is halted."],
  ["OCO", 1, "", /same group was filled/, undefined],
  [undefined, 1, "", /canceled by its owner/, undefined],
];
for (const [reason, status, text, rule, words] of ENDED) {
  test(`an order that ended with ${reason} is explained`, () => {
    const reasoning = reasoningOfOrder({ ...ORDER, reason, status, message: { text, type: "error" } }, 2);
    assert.match(reasoning.rule, rule);
    assert.equal(figure(reasoning, "Reason"), words);
  });
}
