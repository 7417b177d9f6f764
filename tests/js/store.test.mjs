import assert from "node:assert/strict";
import { test } from "node:test";

import { Collection, Value } from "../../static/js/lib/store.js";

const entries = (...items) => items.map((item) => [item.id, item]);
const ids = (collection) => collection.values().map(({ id }) => id);

test("value tells its listeners only of another value", () => {
  const value = new Value(1);
  const heard = [];
  value.subscribe((news) => heard.push(news), { callWithLast: true });
  value.setValue(1);
  value.setValue(2);
  assert.deepEqual(heard, [1, 2]);
});

test("value forgets a listener", () => {
  const value = new Value(1);
  const listener = () => assert.fail("was unsubscribed");
  value.subscribe(listener);
  value.unsubscribe(listener);
  value.setValue(2);
});

test("update before the list stays when the list is older", () => {
  const orders = new Collection();
  const mark = orders.mark();
  orders.put("1", { id: "1", status: 2 });
  orders.reconcile(entries({ id: "1", status: 6 }), mark);
  assert.equal(orders.get("1").status, 2);
});

test("item that the stream brought while the list was read is kept", () => {
  const orders = new Collection();
  const mark = orders.mark();
  orders.put("2", { id: "2" });
  orders.reconcile(entries({ id: "1" }), mark);
  assert.deepEqual(ids(orders).sort(), ["1", "2"]);
});

test("item that the stream removed while the list was read does not come back", () => {
  const positions = new Collection();
  positions.put("AAPL", { id: "AAPL" });
  const mark = positions.mark();
  positions.delete("AAPL");
  positions.reconcile(entries({ id: "AAPL" }), mark);
  assert.equal(positions.size, 0);
});

test("removal of an unknown item is remembered against a late list", () => {
  const positions = new Collection();
  const mark = positions.mark();
  positions.delete("AAPL");
  positions.reconcile(entries({ id: "AAPL" }), mark);
  assert.equal(positions.size, 0);
});

test("item that is not in a newer list is gone", () => {
  const positions = new Collection();
  positions.put("AAPL", { id: "AAPL" });
  positions.reconcile(entries(), positions.mark());
  assert.equal(positions.size, 0);
});

test("patch changes fields and leaves unknown items alone", () => {
  const positions = new Collection();
  positions.put("AAPL", { id: "AAPL", pl: 0, qty: 5 });
  positions.patch("AAPL", { pl: 7 });
  positions.patch("MSFT", { pl: 1 });
  assert.deepEqual(positions.values(), [{ id: "AAPL", pl: 7, qty: 5 }]);
});

test("beyond its limit a collection drops the oldest item that may be dropped", () => {
  const orders = new Collection({ limit: 2, isDroppable: ({ isFinal }) => isFinal });
  orders.put("1", { id: "1", isFinal: false });
  orders.put("2", { id: "2", isFinal: true });
  orders.put("3", { id: "3", isFinal: true });
  assert.deepEqual(ids(orders), ["1", "3"]);
});

test("listeners hear which item changed, and of all at once without a key", () => {
  const collection = new Collection();
  const heard = [];
  collection.subscribe((key) => heard.push(key));
  collection.put("1", { id: "1" });
  collection.patch("1", { qty: 2 });
  collection.reconcile(entries({ id: "2" }), collection.mark());
  collection.delete("2");
  assert.deepEqual(heard, ["1", "1", undefined, "2"]);
});
