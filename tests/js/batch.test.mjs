import assert from "node:assert/strict";
import { test } from "node:test";
import { Batch } from "../../static/js/lib/batch.js";

function batchOf(answer, limit = 3) {
  const requests = [];
  const batch = new Batch(async (keys) => {
    requests.push(keys);
    return answer(keys);
  }, limit);
  return { batch, requests };
}

test("keys of one task are asked for with one request, each once", async () => {
  const { batch, requests } = batchOf((keys) => keys.map((key) => key.toLowerCase()));
  assert.deepEqual(await Promise.all(["A", "B", "A"].map((key) => batch.get(key))), ["a", "b", "a"]);
  assert.equal(await batch.get("A"), "a");
  assert.deepEqual(requests, [["A", "B"], ["A"]]);
});

test("more keys than a request may have are asked for with several", async () => {
  const { batch, requests } = batchOf((keys) => keys);
  await Promise.all(["A", "B", "C", "D"].map((key) => batch.get(key)));
  assert.deepEqual(requests, [["A", "B", "C"], ["D"]]);
});

test("a request that fails is told to all, a value that fails to its own key only", async () => {
  const failing = batchOf(() => { throw new Error("away"); });
  for (const { status } of await Promise.allSettled([failing.batch.get("A"), failing.batch.get("B")])) assert.equal(status, "rejected");
  const partly = batchOf(() => ["a", Promise.reject(new Error("unknown"))]);
  const results = await Promise.allSettled([partly.batch.get("A"), partly.batch.get("B")]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected"]);
});
