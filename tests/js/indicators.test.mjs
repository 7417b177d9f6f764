/** Indicators against rows that are known: StockCharts' worked examples of EMA and RSI, and rows that follow from the definitions. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { bollinger, ema, heikinAshi, macd, rsi, sma, vwap } from "../../static/js/lib/indicators.js";
import { STUDIES, paramOf, readChosen, tailOf } from "../../static/js/views/studies.js";

const CLOSES = [
  22.2734, 22.194, 22.0847, 22.1741, 22.184, 22.1344, 22.2337, 22.4323, 22.2436, 22.2933, 22.1542, 22.3926, 22.3816, 22.6109,
];
const RSI_CLOSES = [
  44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.614, 46.282, 46.282,
  46.0028, 46.0328, 46.4116, 46.2222, 45.6439,
];

function rounded(values, digits = 2) {
  return values.map((value) => (value === null ? null : Number(value.toFixed(digits))));
}

const ROWS = [
  ["SMA 10", sma(CLOSES, 10), 9, [22.22, 22.21, 22.23, 22.26, 22.31]],
  ["EMA 10", ema(CLOSES, 10), 9, [22.22, 22.21, 22.24, 22.27, 22.33]],
  ["RSI 14", rsi(RSI_CLOSES, 14), 14, [70.53, 66.32, 66.55, 69.41, 66.36, 57.97]],
];
for (const [name, values, first, expected] of ROWS) {
  test(`${name} has its known values, and none before them`, () => {
    assert.deepEqual(rounded(values), [...Array(first).fill(null), ...expected]);
  });
}

test("Bollinger bands are standard deviations of the population around the average", () => {
  const { upper, middle, lower } = bollinger([2, 4, 4, 4, 5, 5, 7, 9], 8, 2);
  assert.deepEqual([upper, middle, lower].map((band) => band.at(-1)), [9, 5, 1]);
  assert.equal(upper[6], null);
});

test("MACD of prices that rise by one is half the difference of its lengths, as is its signal", () => {
  const prices = Array.from({ length: 60 }, (_, index) => 100 + index);
  const values = macd(prices, 12, 26, 9);
  assert.deepEqual([values.macd, values.signal, values.histogram].map((line) => rounded(line).at(-1)), [7, 7, 0]);
  assert.equal(values.macd.findIndex((value) => value !== null), 25);
  assert.equal(values.signal.findIndex((value) => value !== null), 33);
});

test("RSI of prices that do not change is in the middle", () => assert.equal(rsi(Array(20).fill(5), 14).at(-1), 50));

test("VWAP weighs prices with their volume and begins again with the trading day", () => {
  const bar = (time, price, volume) => ({ time, open: price, high: price, low: price, close: price, volume });
  const bars = [bar(0, 10, 0), bar(1, 10, 100), bar(2, 20, 300), bar(10, 40, 5)];
  assert.deepEqual(vwap(bars, (time) => Math.floor(time / 10)), [null, 10, 17.5, 40]);
});

test("Heikin-Ashi bars open in the middle of the one before", () => {
  const bars = [{ time: 0, open: 10, high: 14, low: 8, close: 12 }, { time: 1, open: 12, high: 16, low: 12, close: 16 }];
  assert.deepEqual(heikinAshi(bars), [{ time: 0, open: 11, high: 14, low: 8, close: 11 }, { time: 1, open: 11, high: 16, low: 11, close: 14 }]);
});

for (const [kind, { params, compute }] of Object.entries(STUDIES)) {
  test(`${kind}: the newest bars alone give the newest value, and too few bars give none`, () => {
    const bars = Array.from({ length: 6000 }, (_, index) => {
      const price = 100 + 10 * Math.sin(index / 17) + (index % 7);
      return { time: index * 60_000, open: price, high: price + 1, low: price - 1, close: price, volume: index % 5 };
    });
    const values = params.map(({ value }) => value);
    const dayOf = (time) => Math.floor(time / 86_400_000);
    const newest = (some) => compute(some, values, dayOf).map((line) => line.at(-1));
    newest(bars.slice(-tailOf(values))).forEach((value, index) => assert.ok(Math.abs(value - newest(bars)[index]) < 1e-6));
    assert.deepEqual(compute([], values, dayOf).flat(), []);
  });
}

test("kept indicators that are not offered are left out, and wrong parameters are replaced", () => {
  assert.deepEqual(readChosen({ sma: [7], unknown: [1], macd: ["x", 30], rsi: 5 }), { sma: [7], macd: [12, 30, 9] });
  assert.deepEqual([[0, 20], [201, 20], [1.5, 20], [NaN, 20], [200, 200]].map(([value]) => paramOf(value, 20)), [20, 20, 20, 20, 200]);
});
