import assert from "node:assert/strict";
import { test } from "node:test";

import { MarketClock } from "../../static/js/lib/market-clock.js";
import { Value } from "../../static/js/lib/store.js";
import { ControlService } from "../../static/js/services/control-service.js";

const CLOCK = { object: "clock", now: 5000, mode: "running", speed: 10, status: "ready" };

/** A service on a server whose clock is `clock`; `stream` is the listener of the topic, `asked` has the commands. */
function serviceOf(clock) {
  const asked = [];
  const answer = (name) => async (body) => {
    asked.push([name, body]);
    return clock;
  };
  const surroundings = { stream: null, asked, state: new Value(null), market: new MarketClock(() => 0) };
  const api = { clock: answer("clock"), changeClock: answer("change"), advanceClock: answer("advance") };
  const ws = { clock: { subscribe: (_, listener) => { surroundings.stream = listener; } } };
  const service = new ControlService(api, ws, surroundings.state, surroundings.market);
  return { service, ...surroundings, listener: () => surroundings.stream };
}

const SPEEDS = [
  ["running", "ready", 10], ["paused", "ready", 0], ["running", "advancing", 0], ["paused", "advancing", 0],
];
for (const [mode, status, speed] of SPEEDS) {
  test(`market time of a clock that is ${mode} and ${status} has speed ${speed}`, () => {
    const { service, listener, state, market } = serviceOf(CLOCK);
    service.followClock();
    const clock = { ...CLOCK, mode, status };
    listener().onUpdate(clock);
    assert.deepEqual([state.value(), market.now(), market.speed], [clock, 5000, speed]);
  });
}

test("the clock is read when updates may have been missed, and only then", async () => {
  const { service, listener, asked } = serviceOf(CLOCK);
  service.followClock();
  listener().onConfirmed({ recovered: true });
  assert.deepEqual(asked, []);
  listener().onConfirmed({ recovered: false });
  assert.deepEqual(asked, [["clock", undefined]]);
});

test("a server that refuses the clock leaves market time alone", () => {
  const { service, listener, state } = serviceOf(CLOCK);
  service.followClock();
  listener().onRefused("the token has no right to it");
  assert.equal(service.isFollowing, false);
  assert.equal(state.value(), null);
});

test("steps and jumps go forward from the clock as it is", async () => {
  const { service, asked, state } = serviceOf({ ...CLOCK, status: "advancing", target: 65_000 });
  await service.step(60_000);
  await service.jump("open", "AAPL");
  await service.changeClock({ mode: "paused" });
  assert.deepEqual(asked.map(([name, { limit, ...body }]) => [name, body]), [
    ["advance", { by: 60_000 }], ["advance", { until: "open", symbol: "AAPL" }], ["change", { mode: "paused" }],
  ]);
  assert.equal(state.value().target, 65_000);
});
