import assert from "node:assert/strict";
import { test } from "node:test";

import { WebSocketClient } from "../../static/js/adapters/ws-client.js";
import { FakeSocket, FakeTimers } from "./fakes.mjs";

const ACCOUNT = { accountId: "DEMO" };
const TOPIC = 'orders:{"accountId":"DEMO"}';
const [CONNECTED, CONNECTING, DISCONNECTED] = [1, 2, 3];

function setUp({ random = () => 1 } = {}) {
  const sockets = [];
  const states = [];
  const timers = new FakeTimers();
  const client = new WebSocketClient("ws://server/api/v1/ws", ({ status }) => states.push(status), {
    createSocket: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1);
    },
    setTimer: timers.set,
    clearTimer: timers.clear,
    random,
  });
  return { client, sockets, states, timers };
}

function listener() {
  const heard = { updates: [], confirmed: [], refused: [] };
  return {
    heard,
    onUpdate: (update) => heard.updates.push(update),
    onConfirmed: ({ recovered }) => heard.confirmed.push(recovered),
    onRefused: (message) => heard.refused.push(message),
  };
}

function confirm(socket, { index = -1, topic = TOPIC, ...rest } = {}) {
  const { id } = socket.sentOf("orders.subscribe").at(index);
  socket.receive({ type: "orders.subscribe.response", id, payload: { status: "ok", message: "", topic, epoch: "e", seq: 4, ...rest } });
}

const update = (payload, seq) => ({ type: "orders.update", payload: { topic: TOPIC, payload, seq } });

function connected(options) {
  const setting = setUp(options);
  setting.client.connect();
  setting.sockets[0].open();
  return setting;
}

test("subscriptions made before the connection are asked for when it opens", () => {
  const { client, sockets, states } = setUp();
  client.subscribe("orders", ACCOUNT, listener());
  client.connect();
  assert.deepEqual(sockets[0].sent, []);
  sockets[0].open();
  assert.deepEqual(sockets[0].sentOf("orders.subscribe").map(({ payload }) => payload), [ACCOUNT]);
  assert.deepEqual(states, [CONNECTING, CONNECTED]);
});

test("hello is the first message", () => {
  const { client, sockets } = setUp();
  client.subscribe("orders", ACCOUNT, listener());
  client.connect();
  sockets[0].open();
  assert.equal(sockets[0].sent[0].type, "hello");
});

test("a subscription counts only after its response", () => {
  const { client, sockets } = connected();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders);
  sockets[0].receive(update("early", 4));
  assert.deepEqual(orders.heard, { updates: [], confirmed: [], refused: [] });
  confirm(sockets[0]);
  sockets[0].receive(update("news", 5));
  assert.deepEqual(orders.heard, { updates: ["news"], confirmed: [false], refused: [] });
});

test("the topic is whatever string the server sends", () => {
  const { client, sockets } = connected();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders);
  confirm(sockets[0], { topic: "anything" });
  sockets[0].receive({ type: "orders.update", payload: { topic: "anything", payload: 1, seq: 5 } });
  assert.deepEqual(orders.heard.updates, [1]);
});

test("a refused subscription says so and is not asked for again", () => {
  const { client, sockets, timers } = connected();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders);
  const [{ id }] = sockets[0].sentOf("orders.subscribe");
  sockets[0].receive({ type: "error", id, payload: { code: "FORBIDDEN", message: "not yours" } });
  assert.deepEqual(orders.heard.refused, ["not yours"]);
  sockets[0].drop();
  timers.advance(1000);
  sockets[1].open();
  assert.deepEqual(sockets[1].sentOf("orders.subscribe"), []);
});

test("listeners share one subscription and the last one gone gives it back", () => {
  const { client, sockets } = connected();
  const [one, two] = [listener(), listener()];
  const releases = [one, two].map((each) => client.subscribe("orders", ACCOUNT, each));
  confirm(sockets[0]);
  sockets[0].receive(update("news", 5));
  assert.equal(sockets[0].sentOf("orders.subscribe").length, 1);
  assert.deepEqual([one.heard.updates, two.heard.updates], [["news"], ["news"]]);
  releases[0]();
  assert.equal(sockets[0].sentOf("orders.unsubscribe").length, 0);
  releases[1]();
  releases[1]();
  assert.deepEqual(sockets[0].sentOf("orders.unsubscribe").map(({ payload }) => payload), [ACCOUNT]);
});

test("a listener that comes late is told to read the state", async () => {
  const { client, sockets } = connected();
  client.subscribe("orders", ACCOUNT, listener());
  confirm(sockets[0]);
  const late = listener();
  client.subscribe("orders", ACCOUNT, late);
  await Promise.resolve();
  assert.deepEqual(late.heard.confirmed, [false]);
});

test("a subscription abandoned before its response is given back", () => {
  const { client, sockets } = connected();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders)();
  confirm(sockets[0]);
  sockets[0].receive(update("news", 5));
  assert.equal(sockets[0].sentOf("orders.unsubscribe").length, 1);
  assert.deepEqual(orders.heard.updates, []);
});

test("a topic abandoned and wanted again before the first response is kept", () => {
  const { client, sockets } = connected();
  client.subscribe("orders", ACCOUNT, listener())();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders);
  confirm(sockets[0], { index: 0 });
  confirm(sockets[0], { index: 1 });
  sockets[0].receive(update("news", 5));
  assert.equal(sockets[0].sentOf("orders.unsubscribe").length, 0);
  assert.deepEqual(orders.heard.updates, ["news"]);
});

test("delays grow from half a second to thirty, and are fully jittered", () => {
  const { client, sockets, timers } = setUp();
  client.connect();
  const delays = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    sockets.at(-1).drop();
    delays.push(timers.waiting()[0]);
    timers.advance(delays.at(-1));
  }
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);

  const jittered = setUp({ random: () => 0.25 });
  jittered.client.connect();
  jittered.sockets[0].drop();
  assert.deepEqual(jittered.timers.waiting(), [125]);
});

test("a message from the server makes the delays short again", () => {
  const { client, sockets, timers } = setUp();
  client.connect();
  sockets[0].drop();
  timers.advance(500);
  sockets[1].drop();
  timers.advance(1000);
  sockets[2].open();
  sockets[2].receive({ type: "welcome", payload: {} });
  sockets[2].drop();
  assert.equal(timers.waiting()[0], 500);
});

test("a lost connection comes back and resumes where the stream ended", () => {
  const { client, sockets, states, timers } = connected();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders);
  confirm(sockets[0]);
  sockets[0].receive(update("news", 7));
  sockets[0].drop();
  timers.advance(500);
  sockets[1].open();
  assert.deepEqual(sockets[1].sentOf("orders.subscribe").map(({ recover }) => recover), [{ epoch: "e", seq: 7 }]);
  confirm(sockets[1], { recovered: true, seq: 9 });
  sockets[1].receive(update("missed", 8));
  assert.deepEqual(orders.heard, { updates: ["news", "missed"], confirmed: [false, true], refused: [] });
  assert.equal(states.at(-1), CONNECTED);
});

test("a server that says nothing of recovery did not recover", () => {
  const { client, sockets, timers } = connected();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders);
  confirm(sockets[0]);
  sockets[0].drop();
  timers.advance(500);
  sockets[1].open();
  confirm(sockets[1]);
  assert.deepEqual(orders.heard.confirmed, [false, false]);
});

test("updates of the old connection's topics do not count before they are confirmed anew", () => {
  const { client, sockets, timers } = connected();
  const orders = listener();
  client.subscribe("orders", ACCOUNT, orders);
  confirm(sockets[0]);
  sockets[0].drop();
  timers.advance(500);
  sockets[1].open();
  sockets[1].receive(update("early", 5));
  assert.deepEqual(orders.heard.updates, []);
});

test("silence is probed after ten seconds and fatal after fifteen", () => {
  const { sockets, states, timers } = connected();
  timers.advance(10_000);
  assert.equal(sockets[0].sentOf("hello").length, 2);
  timers.advance(4_999);
  assert.equal(states.at(-1), CONNECTED);
  timers.advance(1);
  assert.equal(states.at(-1), CONNECTING);
  assert.equal(sockets[0].isClosedByClient, true);
  timers.advance(500);
  assert.equal(sockets.length, 2);
});

test("any message ends the silence", () => {
  const { sockets, states, timers } = connected();
  timers.advance(14_000);
  sockets[0].receive({ type: "error", id: 99, payload: { code: "UNKNOWN_TYPE", message: "" } });
  timers.advance(14_000);
  assert.equal(states.at(-1), CONNECTED);
});

test("a connection that never opens is given up after fifteen seconds", () => {
  const { client, sockets, timers } = setUp();
  client.connect();
  timers.advance(15_500);
  assert.equal(sockets.length, 2);
});

test("late events of a socket that was given up are ignored", () => {
  const { sockets, timers } = connected();
  timers.advance(15_500);
  sockets[0].drop();
  assert.equal(sockets.length, 2);
});

test("a close code from 4500 on is final", () => {
  const { sockets, states, timers } = connected();
  sockets[0].drop(4507, "not permitted");
  timers.advance(120_000);
  assert.equal(states.at(-1), DISCONNECTED);
  assert.equal(sockets.length, 1);
});

test("retrying at once does not wait for the next attempt", () => {
  const { client, sockets, timers } = connected();
  sockets[0].drop();
  client.retryNow();
  assert.equal(sockets.length, 2);
  timers.advance(500);
  assert.equal(sockets.length, 2);
});

test("retrying at once gives up an attempt that hangs", () => {
  const { client, sockets } = setUp();
  client.connect();
  client.retryNow();
  assert.equal(sockets.length, 2);
  assert.equal(sockets[0].isClosedByClient, true);
});

test("an open connection has to prove that it is alive when the network comes back", () => {
  const { client, sockets, states, timers } = connected();
  client.retryNow();
  sockets[0].receive({ type: "welcome", payload: {} });
  timers.advance(3000);
  assert.deepEqual([sockets.length, states.at(-1)], [1, CONNECTED]);
  client.retryNow();
  timers.advance(3000);
  assert.equal(states.at(-1), CONNECTING);
});

test("the connection is lost at once when the browser has no network", () => {
  const { client, sockets, states } = connected();
  client.networkLost();
  assert.equal(states.at(-1), CONNECTING);
  client.retryNow();
  sockets[1].open();
  assert.equal(states.at(-1), CONNECTED);
});

test("the time until the next attempt is told", () => {
  const told = [];
  const timers = new FakeTimers();
  const socket = new FakeSocket();
  const client = new WebSocketClient("ws://server/api/v1/ws", (state) => told.push(state), {
    createSocket: () => socket, setTimer: timers.set, clearTimer: timers.clear, random: () => 0.5,
  });
  client.connect();
  socket.drop();
  assert.deepEqual(told.at(-1), { status: CONNECTING, retryInMs: 250 });
});
