/**
 * Whole sessions of a trader with the services under a host that enforces the platform's rules: on the real server and on the
 * offline broker. Every step waits for an update; no rule may be broken at its end.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";

import { BrokerTerminalService } from "../../static/js/services/broker-terminal-service.js";
import { DatafeedService } from "../../static/js/services/datafeed-service.js";
import { LayoutsService } from "../../static/js/services/layouts-service.js";
import { HeadlessHost } from "./host.mjs";
import { startFallback, startServer } from "./surroundings.mjs";

const [LIMIT, MARKET, STOP] = [1, 2, 3];
const [BUY, SELL] = [1, -1];
const [CANCELED, FILLED, WORKING] = [1, 2, 6];

/** The flags of docs/tradingview.md in a column of its table: 1 account, 2 with hedging, 3 offline demo. */
function documented(column) {
  const page = readFileSync(new URL("../../docs/tradingview.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (yes|no) \| (yes|no) \| (yes|no) \|/gm)];
  return Object.fromEntries(rows.map((row) => [row[1], row[column + 1] === "yes"]));
}

for (const [ground, start] of [["server", startServer], ["offline broker", startFallback]]) {
  describe(`a session on the ${ground}`, { timeout: 120_000 }, () => {
    const isServer = ground === "server";
    const host = new HeadlessHost();
    let surroundings;
    let datafeed;
    let broker;
    let bid;

    before(async () => {
      surroundings = await start(({ status }) => broker?.socketChanged(status === 1));
      datafeed = new DatafeedService(surroundings.api, surroundings.ws);
      broker = new BrokerTerminalService(host, datafeed, surroundings.api, surroundings.ws);
      host.attach(broker);
      surroundings.open();
      await broker.start();
      broker.follow("executions");
      broker.follow("pl");
      broker.subscribeEquity();
      broker.subscribeRealtime("AAPL");
      await host.heard("connection", (status) => status === 1);
      await host.heard("realtime");
      await host.load();
      bid = host.realtime.get("AAPL").bid;
    });
    after(() => surroundings?.close());
    afterEach(async () => assert.deepEqual(await host.verify(), []));

    const step = (name, run) => test(name, { timeout: 30_000 }, run);
    const price = (share) => Number((bid * share).toFixed(2));
    const market = (qty, more = {}) => host.command("placeOrder", { symbol: "AAPL", type: MARKET, side: BUY, qty, ...more });
    const closed = (since) => host.heard("position", ({ qty }) => qty === 0, since);
    const bracket = (more, since) => host.heard("order", (order) => Object.entries(more).every(([name, value]) => order[name] === value), since);

    step("every flag of the platform has the documented answer", async () => {
      const { durations, ...flags } = broker.config();
      assert.deepEqual(flags, documented(isServer ? 1 : 3));
      assert.deepEqual(host.durations, durations);
    });

    step("places, modifies and cancels an order", async () => {
      const { orderId } = await host.command("placeOrder", { symbol: "AAPL", type: LIMIT, side: BUY, qty: 5, limitPrice: price(0.9) });
      await host.command("modifyOrder", { ...host.known.order.get(orderId), qty: 7, limitPrice: price(0.8) });
      await host.command("cancelOrder", orderId);
      const { qty, limitPrice, status } = host.known.order.get(orderId);
      assert.deepEqual([qty, limitPrice, status], [7, price(0.8), CANCELED]);
      assert.ok((await broker.ordersHistory()).some(({ id }) => id === orderId));
    });

    step("fills with brackets, edits them, closes a part and the rest", async () => {
      const since = host.mark;
      const { orderId } = await market(10, { takeProfit: price(1.2), stopLoss: price(0.8) });
      await host.heard("order", ({ id, status }) => id === orderId && status === FILLED);
      const ofPosition = { parentId: "AAPL", parentType: 2, status: WORKING };
      await bracket({ ...ofPosition, type: LIMIT, limitPrice: price(1.2) }, since);
      await bracket({ ...ofPosition, type: STOP, stopPrice: price(0.8) }, since);
      await host.heard("pl", (id) => id === "AAPL");
      await host.command("editPositionBrackets", "AAPL", { takeProfit: price(1.3), stopLoss: price(0.8) });
      await bracket({ ...ofPosition, type: LIMIT, limitPrice: price(1.3) }, since);
      const part = host.mark;
      await host.command("closePosition", "AAPL", 4);
      await bracket({ ...ofPosition, type: STOP, qty: 6 }, part);
      const rest = host.mark;
      await host.command("closePosition", "AAPL");
      await bracket({ parentId: "AAPL", type: STOP, status: CANCELED }, rest);
    });

    step("reverses a position", async () => {
      await market(3, { side: SELL });
      await host.command("reversePosition", "AAPL");
      assert.deepEqual([host.known.position.get("AAPL").side, host.known.position.get("AAPL").qty], [BUY, 3]);
      await host.command("closePosition", "AAPL");
    });

    step("tells depth, free margin and pip values", async () => {
      broker.subscribeDOM("AAPL");
      broker.subscribeMarginAvailable("AAPL");
      broker.subscribePipValue("AAPL");
      await Promise.all([host.heard("depth"), host.heard("margin"), host.heard("pip value")]);
      broker.unsubscribeDOM("AAPL");
      broker.unsubscribeMarginAvailable("AAPL");
      broker.unsubscribePipValue("AAPL");
    });

    step("finds symbols page by page", async () => {
      const find = (start) => new Promise((done) => datafeed.searchSymbolsPaginated({ userInput: "", exchange: "", symbolType: "", start }, done));
      const { symbols, symbolsRemaining } = await find(0);
      assert.ok(symbols.length > 0);
      const next = await find(symbols.length);
      assert.equal(next.symbols.length + next.symbolsRemaining, symbolsRemaining);
      assert.ok(next.symbols.every(({ ticker }) => !symbols.some((symbol) => symbol.ticker === ticker)));
    });

    if (!isServer) return;

    step("has several exit levels, which shrink with the position", async () => {
      const since = host.mark;
      const exitLevels = [{ id: "near", qty: 6, takeProfit: price(1.1), stopLoss: price(0.9) }, { id: "far", qty: 4, takeProfit: price(1.2) }];
      await market(10, { exitLevels });
      for (const { id, qty } of exitLevels) await bracket({ exitLevelId: id, type: LIMIT, qty, status: WORKING, parentType: 2 }, since);
      await bracket({ exitLevelId: "near", type: STOP, qty: 6, status: WORKING }, since);
      const part = host.mark;
      await host.command("closePosition", "AAPL", 5);
      await bracket({ exitLevelId: "far", status: CANCELED }, part);
      await bracket({ exitLevelId: "near", type: STOP, qty: 5 }, part);
      await host.command("editPositionBrackets", "AAPL", { exitLevels: [{ id: "last", qty: 5, stopLoss: price(0.7) }] });
      await bracket({ exitLevelId: "last", stopPrice: price(0.7), status: WORKING }, part);
      const rest = host.mark;
      await host.command("closePosition", "AAPL");
      await bracket({ exitLevelId: "last", status: CANCELED }, rest);
    });

    step("has missed nothing after a reconnect", async () => {
      const { orderId } = await host.command("placeOrder", { symbol: "AAPL", type: LIMIT, side: BUY, qty: 1, limitPrice: price(0.9) });
      const since = host.mark;
      surroundings.drop();
      await host.heard("connection", (status) => status === 2, since);
      assert.deepEqual(host.connection.at(-1), { status: 2, disconnectType: 8 });
      await broker.cancelOrder(orderId); // as another client would
      surroundings.retryNow();
      await host.heard("connection", (status) => status === 1, since);
      await host.heard("order", ({ id, status }) => id === orderId && status === CANCELED, since);
      await host.load();
    });

    step("trades individual positions in a hedging account", async () => {
      const since = host.mark;
      const { id } = await broker.createAccount({ name: "Hedging", balance: 50_000, profile: { hedging: true } });
      await broker.accountsMetainfo();
      broker.setCurrentAccount(id);
      const { durations: _, ...flags } = await host.heard("config", () => true, since);
      assert.deepEqual(flags, documented(2));
      await host.heard("reread", (account) => account === id, since);
      await host.load();
      const opened = [];
      for (const [side, qty] of [[BUY, 5], [BUY, 3], [SELL, 2]]) {
        const { orderId } = await market(qty, { side });
        const one = await host.heard("individual position", (position) => position.orderId === orderId && position.qty === qty);
        opened.push(one.id);
      }
      await host.heard("position", ({ qty, side }) => qty === 6 && side === BUY, since);
      await host.heard("individual pl", (one) => one === opened[2]);
      await host.command("editIndividualPositionBrackets", opened[0], { takeProfit: price(1.2), stopLoss: price(0.8) });
      await bracket({ parentId: opened[0], parentType: 3, type: STOP, status: WORKING }, since);
      await host.command("closeIndividualPosition", opened[1], 2);
      assert.equal(host.known["individual position"].get(opened[1]).qty, 1);
      await host.command("closeIndividualPosition", opened[0]);
      await bracket({ parentId: opened[0], type: STOP, status: CANCELED }, since);
      assert.deepEqual(await host.verify(), []);
      const rest = host.mark;
      await host.command("closePosition", "AAPL");
      await closed(rest);
      assert.deepEqual(await broker.individualPositions(), []);
    });

    step("stores layouts and templates", async () => {
      const layouts = new LayoutsService(surroundings.api);
      const layout = { name: "Day", content: "{\"a\":1}", symbol: "AAPL", resolution: "5" };
      const id = await layouts.saveChart(layout);
      assert.equal(await layouts.getChartContent(id), layout.content);
      assert.equal(await layouts.saveChart({ ...layout, id, name: "Swing" }), id);
      assert.deepEqual((await layouts.getAllCharts()).map(({ name }) => name), ["Swing"]);
      await layouts.removeChart(id);
      await assert.rejects(layouts.getChartContent(id));
      await layouts.saveStudyTemplate({ name: "RSI", content: "s" });
      await layouts.saveChartTemplate("Dark", { theme: 1 });
      await layouts.saveDrawingTemplate("LineToolRay", "Red", "d");
      assert.deepEqual([await layouts.getAllStudyTemplates(), await layouts.getAllChartTemplates()], [[{ name: "RSI" }], ["Dark"]]);
      assert.equal(await layouts.getStudyTemplateContent({ name: "RSI" }), "s");
      assert.deepEqual(await layouts.getChartTemplateContent("Dark"), { content: { theme: 1 } });
      assert.deepEqual(await layouts.getDrawingTemplates("LineToolRay"), ["Red"]);
      assert.equal(await layouts.loadDrawingTemplate("LineToolRay", "Red"), "d");
      await layouts.removeStudyTemplate({ name: "RSI" });
      await layouts.removeChartTemplate("Dark");
      await layouts.removeDrawingTemplate("LineToolRay", "Red");
      assert.deepEqual(await layouts.getAllStudyTemplates(), []);
    });
  });
}
