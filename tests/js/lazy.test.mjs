import assert from "node:assert/strict";
import { test } from "node:test";
import { LazyView } from "../../static/js/views/lazy.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

function lazyView(load) {
  const events = [];
  const part = { open: () => events.push("open"), close: () => events.push("close") };
  let loads = 0;
  const view = new LazyView(async () => {
    loads += 1;
    return load?.(loads) ?? part;
  }, () => events.push("failed"));
  return { view, events, loads: () => loads };
}

test("the code is loaded at the first opening and never again", async () => {
  const { view, events, loads } = lazyView();
  assert.equal(loads(), 0);
  view.open();
  view.open();
  await settled();
  view.close();
  view.open();
  assert.deepEqual([events, loads()], [["open", "close", "open"], 1]);
});

test("a view that was closed while its code was loaded stays closed", async () => {
  const { view, events } = lazyView();
  view.open();
  view.close();
  await settled();
  assert.deepEqual(events, []);
});

test("code that could not be loaded is asked for again at the next opening", async () => {
  const { view, events, loads } = lazyView((attempt) => {
    if (attempt === 1) throw new Error("away");
  });
  view.open();
  await settled();
  view.open();
  await settled();
  assert.deepEqual([events, loads()], [["failed", "open"], 2]);
});
