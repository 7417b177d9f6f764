import assert from "node:assert/strict";
import { test } from "node:test";

import { Value } from "../../static/js/lib/store.js";
import { BrokerTerminalService } from "../../static/js/services/broker-terminal-service.js";
import { DatafeedService } from "../../static/js/services/datafeed-service.js";

const FLAGS = { supportPositions: true, supportOrdersHistory: true };
const ACCOUNT = { id: "DEMO" };
const SYMBOL = { name: "AAPL" };

/** A route of the stream that remembers who listens. */
function route() {
  const listeners = [];
  return {
    listeners,
    payloads: [],
    subscribe(payload, listener) {
      this.payloads.push(payload);
      listeners.push(listener);
      return () => listeners.splice(listeners.indexOf(listener), 1);
    },
  };
}

function setUp(api = {}) {
  const account = ["orders", "positions", "executions", "equity", "pl", "notifications", "brokerConnection"];
  const names = [...account, "quotes", "bars", "depth"];
  const ws = Object.fromEntries(names.map((name) => [name, route()]));
  const calls = [];
  const factory = { createWatchedValue: (value) => new Value(value) };
  const told = (_, name) => (name === "factory" ? factory : (...values) => name !== "setDurations" && calls.push([name, ...values]));
  const host = new Proxy({}, { get: told });
  const rest = { useAccount: () => {}, brokerConfig: async () => FLAGS, account: async () => ACCOUNT, accounts: async () => [ACCOUNT], quotes: async () => [], ...api };
  const datafeed = new DatafeedService(rest, ws);
  return { ws, calls, datafeed, broker: new BrokerTerminalService(host, datafeed, rest, ws) };
}

test("a broker that could not start can be started again", async () => {
  let attempts = 0;
  const { broker } = setUp({
    brokerConfig: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("down");
      return FLAGS;
    },
  });
  await assert.rejects(broker.start());
  await broker.start();
  await broker.start();
  assert.equal(attempts, 2);
});

test("what was not recovered is read anew, part by part", async () => {
  const { broker, ws, calls } = setUp();
  await broker.start();
  ws.orders.listeners[0].onConfirmed({ recovered: false });
  ws.positions.listeners[0].onConfirmed({ recovered: true });
  assert.deepEqual(calls, [["currentAccountUpdate", ["orders"]]]);
});

test("what the account has to say is shown, whoever looks at what", async () => {
  const { broker, ws, calls } = setUp();
  await broker.start();
  ws.notifications.listeners[0].onUpdate({ title: "Margin call", text: "Equity 5.00, margin used 9.00", type: 0, time: 1 });
  assert.deepEqual(calls, [["showNotification", "Margin call", "Equity 5.00, margin used 9.00", 0]]);
});

test("several followers share one subscription", async () => {
  const { broker, ws } = setUp();
  await broker.start();
  const releases = [broker.follow("pl"), broker.follow("pl")];
  assert.equal(ws.pl.listeners.length, 1);
  releases[0]();
  assert.equal(ws.pl.listeners.length, 1);
  releases[1]();
  assert.equal(ws.pl.listeners.length, 0);
});

test("without the socket nothing is known of the broker", async () => {
  const { broker, ws, calls } = setUp();
  await broker.start();
  broker.socketChanged(true);
  ws.brokerConnection.listeners[0].onUpdate({ status: 1 });
  assert.equal(broker.connectionStatus(), 1);
  broker.socketChanged(false);
  assert.equal(broker.connectionStatus(), 2);
  assert.deepEqual(calls.map(([, status]) => status), [1, 2]);
});

test("the quote of the moment is told, unless a tick came first", async () => {
  const quote = (lp) => ({ s: "ok", n: "AAPL", v: { lp, bid: lp - 1, ask: lp + 1 } });
  const { broker, ws, calls } = setUp({ quotes: async () => [quote(10)] });
  broker.subscribeRealtime("AAPL");
  await new Promise((resolve) => setImmediate(resolve));
  broker.subscribeRealtime("AAPL");
  ws.quotes.listeners[0].onUpdate(quote(20));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(calls.map(([, , { trade }]) => trade), [10, 20]);
});

test("every symbol is a subscription of its own, a fast one not slow besides", () => {
  const { datafeed, ws } = setUp();
  datafeed.subscribeQuotes(["AAPL", "JPM"], ["AAPL"], () => {}, "list");
  assert.deepEqual(ws.quotes.payloads, [
    { symbols: [], fast_symbols: ["AAPL"] }, { symbols: ["JPM"], fast_symbols: [] },
  ]);
  datafeed.unsubscribeQuotes("list");
  assert.equal(ws.quotes.listeners.length, 0);
});

test("bars never go back in time", () => {
  const { datafeed, ws } = setUp();
  const times = [];
  datafeed.subscribeBars(SYMBOL, "1", ({ time }) => times.push(time), "chart", () => {});
  for (const time of [60, 120, 60, 120, 180]) ws.bars.listeners[0].onUpdate({ time });
  assert.deepEqual(times, [60, 120, 120, 180]);
});

test("bars that were missed are read again, the first confirmation misses none", () => {
  const { datafeed, ws } = setUp();
  let resets = 0;
  datafeed.subscribeBars(SYMBOL, "1", () => {}, "chart", () => { resets += 1; });
  for (const recovered of [false, true, false]) ws.bars.listeners[0].onConfirmed({ recovered });
  assert.equal(resets, 1);
});

test("a symbol that could not be resolved is asked for again", async () => {
  let attempts = 0;
  const { datafeed } = setUp({
    resolve: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("unknown");
      return SYMBOL;
    },
  });
  const resolve = () => new Promise((done) => datafeed.resolveSymbol("AAPL", done, done));
  assert.equal(await resolve(), "unknown");
  assert.equal(await resolve(), SYMBOL);
  assert.equal(await resolve(), SYMBOL);
  assert.equal(attempts, 2);
});

test("quotes that may have been missed are read again, all at once", async () => {
  const asked = [];
  const { datafeed, ws } = setUp({ quotes: async (symbols) => { asked.push(symbols); return []; } });
  datafeed.subscribeQuotes([], ["AAPL", "MSFT"], () => {}, "list");
  for (let connection = 0; connection < 2; connection += 1) {
    for (const listener of ws.quotes.listeners) listener.onConfirmed({ recovered: false });
  }
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(asked, [["AAPL", "MSFT"]]);
});

test("another account takes over all that is followed, and is read anew", async () => {
  const { broker, ws, calls } = setUp();
  await broker.start();
  broker.subscribeEquity();
  broker.setCurrentAccount("OTHER");
  for (const name of ["orders", "positions", "equity", "notifications", "brokerConnection"]) {
    assert.equal(ws[name].listeners.length, 1);
    assert.deepEqual(ws[name].payloads.at(-1), { accountId: "OTHER" });
  }
  assert.deepEqual(calls, [["currentAccountUpdate"]]);
});

test("margin that is asked for comes with the money, and ends with the asking", async () => {
  const { broker, ws, calls } = setUp();
  await broker.start();
  broker.subscribeMarginAvailable("AAPL");
  ws.equity.listeners[0].onUpdate({ equity: 5, marginAvailable: 3 });
  broker.unsubscribeMarginAvailable("AAPL");
  assert.equal(ws.equity.listeners.length, 0);
  assert.deepEqual(calls.at(-1), ["marginAvailableUpdate", 3]);
});
