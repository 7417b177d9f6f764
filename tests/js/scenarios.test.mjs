import assert from "node:assert/strict";
import { test } from "node:test";

import { scenarioOf, scenarioText } from "../../static/js/lib/scenarios.js";

const NOW = 1_000_000;

const REQUESTS = [
  ["shock", -5, 60, { kind: "shock", factor: 0.95, end: 1_060_000 }],
  ["shock", 12.5, 1, { kind: "shock", factor: 1.125, end: 1_001_000 }],
  ["spread", 5, 0.5, { kind: "spread", factor: 5, end: 1_000_500 }],
  ["halt", NaN, 10, { kind: "halt", end: 1_010_000 }],
];
for (const [kind, amount, seconds, request] of REQUESTS) {
  test(`${kind} of ${amount} for ${seconds} s`, () => assert.deepEqual(scenarioOf(kind, amount, seconds, NOW), { request, refused: "" }));
}

const REFUSED = [["shock", -100, 60, /price can move/], ["spread", 0, 60, /spread can be/], ["spread", NaN, 60, /spread can be/], ["halt", NaN, 0, /seconds/]];
for (const [kind, amount, seconds, text] of REFUSED) {
  test(`${kind} of ${amount} for ${seconds} s is refused`, () => {
    const { request, refused } = scenarioOf(kind, amount, seconds, NOW);
    assert.equal(request, null);
    assert.match(refused, text);
  });
}

for (const [scenario, text] of [
  [{ kind: "shock", factor: 0.95 }, "Price −5.00%"], [{ kind: "spread", factor: 5 }, "Spread × 5"], [{ kind: "halt" }, "Halt"],
]) {
  test(`the panel says ${text}`, () => assert.equal(scenarioText(scenario), text));
}
