import assert from "node:assert/strict";
import { test } from "node:test";

import { Painter } from "../../static/js/lib/painter.js";

/** A browser whose tasks, frames and clock a test turns by hand. */
class Clockwork {
  tasks = [];
  frames = [];
  time = 0;
  nextTask = (callback) => this.tasks.push(callback);
  requestFrame = (callback) => this.frames.push(callback);
  now = () => this.time;

  task = () => this.tasks.shift()?.();

  /** Every task that waits, and those that come of them. */
  settle = () => {
    while (this.tasks.length > 0) this.task();
  };

  frame = (timeMs) => {
    this.time += timeMs;
    for (const callback of this.frames.splice(0)) callback();
  };
}

function painterWith() {
  const clockwork = new Clockwork();
  return { painter: new Painter(clockwork), ...clockwork };
}

test("any number of changes is one paint of each thing", () => {
  const { painter, settle, frame, frames } = painterWith();
  const painted = [];
  const one = () => painted.push("one");
  const two = () => painted.push("two");
  for (let change = 0; change < 100; change += 1) {
    painter.mark(one);
    painter.mark(two);
  }
  assert.equal(frames.length, 1);
  settle();
  frame(16);
  assert.deepEqual(painted, ["one", "two"]);
  assert.equal(frames.length, 0);
});

test("a frame in the middle of a burst shows nothing, the first one behind it shows all", () => {
  const { painter, task, frame } = painterWith();
  const painted = [];
  painter.mark(() => painted.push("first"));
  frame(4);
  assert.deepEqual(painted, []);
  painter.mark(() => painted.push("second"));
  task();
  task();
  frame(16);
  assert.deepEqual(painted, ["first", "second"]);
});

test("a burst that does not end is painted all the same, after 24 ms", () => {
  const { painter, task, frame } = painterWith();
  let painted = 0;
  const paint = () => {
    painted += 1;
  };
  const marks = () => {
    painter.mark(paint);
    task();
  };
  painter.mark(paint);
  for (let count = 0; count < 10; count += 1) {
    painter.mark(paint);
    task();
  }
  frame(16);
  marks();
  assert.equal(painted, 0);
  painter.mark(paint);
  frame(8);
  assert.equal(painted, 1);
});

test("bursts that do not end wait for one end together", () => {
  const { painter, frame, tasks } = painterWith();
  for (let burst = 0; burst < 5; burst += 1) {
    painter.mark(() => {});
    frame(24);
  }
  assert.equal(tasks.length, 1);
});

test("what asks for frames itself is done when the burst ends, before the paint", () => {
  const { painter, settle, frame } = painterWith();
  const done = [];
  painter.mark(() => done.push("paint"));
  painter.prepare(() => done.push("prepare"));
  settle();
  assert.deepEqual(done, ["prepare"]);
  frame(16);
  assert.deepEqual(done, ["prepare", "paint"]);
});

test("a change while painting is painted in the next frame", () => {
  const { painter, settle, frame } = painterWith();
  let count = 0;
  const paint = () => {
    count += 1;
    if (count === 1) painter.mark(paint);
  };
  painter.mark(paint);
  settle();
  frame(16);
  assert.equal(count, 1);
  settle();
  frame(16);
  assert.equal(count, 2);
});

test("what was forgotten is neither prepared nor painted", () => {
  const { painter, settle, frame } = painterWith();
  const paint = () => assert.fail("was forgotten");
  painter.mark(paint);
  painter.prepare(paint);
  painter.forget(paint);
  settle();
  frame(16);
});
