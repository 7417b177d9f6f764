import assert from "node:assert/strict";
import { test } from "node:test";

import { toCsv } from "../../static/js/lib/csv.js";
import { bookings, byDay, bySymbol, equityCurve, rangeOf, resolutionOf, summaryOf } from "../../static/js/lib/results.js";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-29T21:00:00Z");

/** An execution of "side qty symbol price commission" on a day counted from the first one. */
function execution(text, day = 0) {
  const [side, qty, symbol, price, commission = 0] = text.split(" ").map((word) => (Number.isNaN(Number(word)) ? word : Number(word)));
  const sign = side === "buy" ? 1 : -1;
  return { symbol, side: sign, qty, price, commission, netAmount: -sign * qty * price - commission, time: NOW + day * DAY_MS };
}

const PROFITS = [
  ["a round trip", ["buy 10 A 100", "sell 10 A 103"], [0, 30]],
  ["a part at the average price", ["buy 10 A 100", "buy 10 A 110", "sell 5 A 115"], [0, 0, 50]],
  ["a short position", ["sell 10 A 100", "buy 4 A 90", "buy 6 A 105"], [0, 40, -30]],
  ["a reversal closes and opens", ["buy 10 A 100", "sell 15 A 110", "buy 5 A 100"], [0, 100, 50]],
  ["symbols apart", ["buy 1 A 100", "sell 1 B 50", "sell 1 A 99"], [0, 0, -1]],
  ["commissions apart from the profit", ["buy 10 A 100 2", "sell 10 A 103 2"], [0, 30]],
];
for (const [name, texts, profits] of PROFITS) {
  test(`profit of ${name}`, () => {
    const found = bookings(texts.map((text) => execution(text))).map(({ profit }) => Math.round(profit * 1e6) / 1e6);
    assert.deepEqual(found, profits);
  });
}

const ITEMS = bookings([
  execution("buy 10 A 100 1"), execution("sell 5 A 110 1"), execution("sell 5 A 96 1", 1), execution("buy 1 B 10 0", 1), execution("sell 1 B 12 0", 1),
]);

test("the summary has net result, win rate and averages", () => {
  const { net, profit, fees, trades, winRate, averageWin, averageLoss, profitFactor } = summaryOf(ITEMS);
  assert.deepEqual([net, profit, fees, trades, averageWin, averageLoss, profitFactor], [29, 32, 3, 3, 26, -20, 2.6]);
  assert.equal(winRate, 2 / 3);
});

test("without trades there are no rates and no averages", () => {
  const { net, winRate, averageWin, averageLoss, profitFactor } = summaryOf([]);
  assert.deepEqual([net, winRate, averageWin, averageLoss, profitFactor], [0, undefined, undefined, undefined, undefined]);
});

test("results are grouped by day and by symbol", () => {
  const of = (groups) => groups.map(({ name, net, trades }) => [name, net, trades]);
  assert.deepEqual(of(byDay(ITEMS)), [["2026-11-29", 48, 1], ["2026-11-30", -19, 2]]);
  assert.deepEqual(of(bySymbol(ITEMS)), [["A", 27, 2], ["B", 2, 1]]);
});

test("the drawdown is measured from the highest equity before", () => {
  const curve = equityCurve([100, 120, 90, 130, 117].map((equity, time) => ({ time, equity })));
  assert.deepEqual(curve.points.map(({ drawdown }) => drawdown), [0, 0, -30, 0, -13]);
  assert.deepEqual([curve.deepest, curve.deepestShare], [-30, -0.25]);
});

const TODAY = Date.parse("2026-11-29");
const RANGES = [
  ["today", {}, TODAY, TODAY + DAY_MS],
  ["7", {}, TODAY - 6 * DAY_MS, TODAY + DAY_MS],
  ["all", {}, 0, TODAY + DAY_MS],
  ["dates", { first: "2026-11-02", last: "2026-11-03" }, Date.parse("2026-11-02"), Date.parse("2026-11-04")],
  ["dates", { first: "", last: "" }, 0, TODAY + DAY_MS],
];
for (const [period, days, from, to] of RANGES) {
  test(`the range of ${period} ${JSON.stringify(days)}`, () => assert.deepEqual(rangeOf(period, NOW, days), { from, to }));
}

for (const [days, resolution] of [[0.1, "1"], [1, "5"], [7, "60"], [30, "1D"], [4000, "1D"]]) {
  test(`${days} days are shown in periods of ${resolution}`, () => assert.equal(resolutionOf({ from: 0, to: days * DAY_MS }), resolution));
}

test("CSV quotes separators and disarms formulas", () => {
  const columns = [["name", ({ name }) => name], ["value", ({ value }) => value]];
  const rows = [{ name: 'a "b", c', value: -1.5 }, { name: "=1+1", value: undefined }];
  assert.equal(toCsv(columns, rows), 'name,value\r\n"a ""b"", c",-1.5\r\n\'=1+1,\r\n');
});
