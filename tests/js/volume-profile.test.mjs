import assert from "node:assert/strict";
import { test } from "node:test";

import { volumeProfile } from "../../static/js/lib/volume-profile.js";

const bar = (low, high, volume, isUp = true) => ({ time: 0, open: isUp ? low : high, high, low, close: isUp ? high : low, volume });

test("the volume of a bar is divided evenly over its prices, by the direction of the bar", () => {
  const profile = volumeProfile([bar(10, 14, 8), bar(12, 14, 6, false)], 4);
  assert.deepEqual([profile.low, profile.height], [10, 1]);
  assert.deepEqual(profile.up, [2, 2, 2, 2]);
  assert.deepEqual(profile.down, [0, 0, 3, 3]);
  assert.equal(profile.control, 2);
});

test("the value area grows from the control to the side with more volume until it has 70 %", () => {
  for (const [volumes, area] of [
    [[10, 10, 60, 15, 5], [2, 3]],
    [[0, 0, 100, 0, 0], [2, 2]],
    [[20, 20, 20, 20, 20], [0, 3]],
    [[5, 30, 40, 15, 10], [1, 2]],
  ]) assert.deepEqual(volumeProfile(volumes.map((volume, row) => bar(row, row + 1, volume)), 5).area, area, volumes.join());
});

test("the volume is kept, whatever the rows", () => {
  const bars = [bar(1, 9, 5), bar(2.5, 2.5, 7, false), bar(3.3, 4.1, 11), bar(9, 9, 1)];
  for (const rows of [1, 2, 7, 30, 200]) {
    const { up, down } = volumeProfile(bars, rows);
    const sum = [...up, ...down].reduce((total, volume) => total + volume, 0);
    assert.ok(Math.abs(sum - 24) < 1e-9, `${rows} rows: ${sum}`);
  }
});

test("bars of one price have one row, and no volume is no profile", () => {
  assert.deepEqual(volumeProfile([bar(5, 5, 3)], 3).up, [3, 0, 0]);
  assert.equal(volumeProfile([bar(5, 6, 0)], 3), null);
});
