/**
 * The services keep one contract on both grounds: on the real server, and on the fallback that replaces it offline. What a
 * test waits for is an update of the stream, never a moment in time.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { BrokerTerminalService } from "../../static/js/services/broker-terminal-service.js";
import { DatafeedService } from "../../static/js/services/datafeed-service.js";
import { RecordingHost, called, refused } from "./recording-host.mjs";
import { startFallback, startServer } from "./surroundings.mjs";

const MARKET = 2;
const LIMIT = 1;
const STOP = 3;
const [BUY, SELL] = [1, -1];
const [CANCELED, FILLED, INACTIVE, REJECTED, WORKING] = [1, 2, 3, 5, 6];

for (const [ground, start] of [["server", startServer], ["fallback", startFallback]]) {
  describe(`services on the ${ground}`, () => {
    const host = new RecordingHost();
    let surroundings;
    let datafeed;
    let broker;

    before(async () => {
      surroundings = await start(({ status }) => broker?.socketChanged(status === 1));
      datafeed = new DatafeedService(surroundings.api, surroundings.ws);
      broker = new BrokerTerminalService(host, datafeed, surroundings.api, surroundings.ws);
      surroundings.open();
      await broker.start();
      broker.follow("executions");
      broker.follow("pl");
      broker.subscribeEquity();
    });
    after(() => surroundings?.close());

    const resolve = (name) => called((ok, fail) => datafeed.resolveSymbol(name, ok, fail));
    const quote = async (symbol) => (await called((ok, fail) => datafeed.getQuotes([symbol], ok, fail)))[0].v;
    const order = async (id) => (await broker.orders()).find((one) => one.id === id);
    const position = async (id) => (await broker.positions()).find((one) => one.id === id);
    const market = (symbol, side, qty, more = {}) => broker.placeOrder({ symbol, type: MARKET, side, qty, ...more });
    const filled = (id) => host.heard("orderUpdate", (one) => one.id === id && one.status === FILLED);

    describe("datafeed", () => {
      test("is configured", async () => {
        const configuration = await called((ok) => datafeed.onReady(ok));
        assert.ok(configuration.supported_resolutions.includes("1"));
        assert.equal(configuration.supports_time, true);
        assert.ok(Math.abs(await called((ok) => datafeed.getServerTime(ok)) - Date.now() / 1000) < 60);
      });

      test("finds symbols by name and description", async () => {
        const all = await called((ok) => datafeed.searchSymbols("", "", "", ok));
        assert.ok(all.length >= 4);
        const found = await called((ok) => datafeed.searchSymbols("apple", "NASDAQ", "stock", ok));
        assert.deepEqual(found.map(({ symbol }) => symbol), ["AAPL"]);
        assert.deepEqual(await called((ok) => datafeed.searchSymbols("apple", "CRYPTO", "", ok)), []);
      });

      test("resolves symbols, and says so when there is none", async () => {
        const info = await resolve("NASDAQ:AAPL");
        const shown = [info.name, info.format, info.pricescale, info.minmov, info.listed_exchange, info.has_intraday];
        assert.deepEqual(shown, ["AAPL", "price", 100, 1, "NASDAQ", true]);
        await assert.rejects(resolve("NOSUCH"), /NOSUCH/);
      });

      test("gives bars ascending, as many as are asked for, and none after the end", async () => {
        const info = await resolve("AAPL");
        const to = Math.floor(Date.now() / 1000) - 3600;
        const period = { from: 0, to, countBack: 50, firstDataRequest: true };
        const [bars, meta] = await called((ok, fail) => datafeed.getBars(info, "1", period, (...values) => ok(...values), fail));
        assert.equal(bars.length, 50);
        assert.equal(meta.noData, false);
        assert.ok(bars.every((bar, index) => index === 0 || bar.time > bars[index - 1].time));
        assert.ok(bars.every(({ open, high, low, close }) => low <= Math.min(open, close) && high >= Math.max(open, close)));
        assert.ok(bars.at(-1).time < to * 1000);
        await assert.rejects(called((ok, fail) => datafeed.getBars({ ...info, name: "NOSUCH" }, "1", period, ok, fail)), /NOSUCH/);
        await assert.rejects(called((ok, fail) => datafeed.getBars(info, "7", period, ok, fail)), /7/);
      });

      test("follows the forming bar", async () => {
        const info = await resolve("AAPL");
        const bar = await called((ok) => datafeed.subscribeBars(info, "1", ok, "contract", () => {}));
        datafeed.unsubscribeBars("contract");
        assert.equal(bar.time % 60_000, 0);
        assert.ok(bar.low <= bar.close && bar.close <= bar.high);
      });

      test("quotes in the order that was asked for, unknown names as errors", async () => {
        const [first, second] = await called((ok, fail) => datafeed.getQuotes(["AAPL", "NOSUCH"], ok, fail));
        assert.deepEqual([first.s, first.n, second.s, second.n], ["ok", "AAPL", "error", "NOSUCH"]);
        assert.ok(first.v.bid < first.v.ask && first.v.bid <= first.v.lp && first.v.lp <= first.v.ask);
      });

      test("follows quotes", async () => {
        const [ticked] = await called((ok) => datafeed.subscribeQuotes([], ["MSFT"], ok, "contract"));
        datafeed.unsubscribeQuotes("contract");
        assert.deepEqual([ticked.s, ticked.n], ["ok", "MSFT"]);
      });

      test("follows depth where there is any, both sides ascending", async () => {
        const depth = await called((ok, _) => datafeed.subscribeDepth("AAPL", ok, () => ok(null)));
        if (depth === null) return;
        assert.equal(depth.snapshot, true);
        for (const side of [depth.bids, depth.asks]) {
          assert.ok(side.length > 0);
          assert.ok(side.every(({ price }, index) => index === 0 || price > side[index - 1].price));
        }
        assert.ok(depth.bids.at(-1).price < depth.asks[0].price);
      });
    });

    describe("broker", () => {
      test("is connected, and says whose account it is and what it can", async () => {
        assert.equal(await host.heard("connectionStatusUpdate", (status) => status === 1), 1);
        assert.equal(broker.connectionStatus(), 1);
        const accounts = await broker.accountsMetainfo();
        assert.ok(accounts.some(({ id }) => id === broker.currentAccount()));
        assert.ok((await host.heard("setDurations")).some((duration) => duration.default));
        const { supportPositions, supportOrderBrackets, supportPlaceOrderPreview } = broker.config();
        assert.deepEqual([supportPositions, supportOrderBrackets, supportPlaceOrderPreview], [true, true, true]);
      });

      test("knows its instruments", async () => {
        const info = await broker.symbolInfo("AAPL");
        assert.deepEqual([info.minTick, info.pipSize, info.qty.step], [0.01, 0.01, 1]);
        assert.deepEqual(await broker.isTradable("AAPL"), { tradable: true });
        assert.equal((await broker.isTradable("NOSUCH")).tradable, false);
        assert.equal((await broker.formatter("AAPL")).format(1234.5), "1,234.50");
        assert.equal((await broker.spreadFormatter("AAPL")).format(0.02), "0.02");
        assert.deepEqual((await broker.quantityFormatter()).parse("1,000"), { res: true, value: 1000 });
        assert.deepEqual((await broker.getSymbolSpecificTradingOptions("AAPL")).allowedOrderTypes, [1, 2, 3, 4]);
        broker.subscribePipValue("AAPL");
        assert.equal(await host.heard("pipValueUpdate"), "AAPL");
      });

      test("describes the account manager", async () => {
        const info = broker.accountManagerInfo();
        const balance = info.summary.find(({ text }) => text === "Balance");
        await broker.money();
        assert.equal(balance.wValue.value(), 100_000);
        assert.ok(info.orderColumns.length && info.positionColumns.length && info.pages.length === 0);
        assert.deepEqual(await broker.chartContextMenuActions({}), []);
      });

      test("fills a market order and tells it in the order of the contract", async () => {
        host.forget();
        const { orderId } = await market("AAPL", BUY, 10);
        const placed = await filled(orderId);
        await host.heard("positionUpdate", ({ qty }) => qty === 10);
        const names = host.calls.map(([name]) => name).filter((name) => ["executionUpdate", "equityUpdate", "positionUpdate"].includes(name));
        const ofOrder = host.calls.findIndex(([name, one]) => name === "orderUpdate" && one.status === FILLED);
        const ofExecution = host.calls.findIndex(([name]) => name === "executionUpdate");
        assert.deepEqual([...new Set(names)], ["executionUpdate", "equityUpdate", "positionUpdate"]);
        assert.ok(ofExecution < ofOrder);
        assert.deepEqual([placed.filledQty, placed.side], [10, BUY]);
        const [execution] = (await broker.executions("AAPL")).slice(-1);
        assert.deepEqual([execution.orderId, execution.qty, execution.price], [orderId, 10, placed.avgPrice]);
        const held = await position("AAPL");
        assert.deepEqual([held.qty, held.side, held.avgPrice], [10, BUY, placed.avgPrice]);
        assert.ok((await broker.ordersHistory()).some(({ id }) => id === orderId));
      });

      test("marks open positions at every tick", async () => {
        host.forget();
        assert.equal(await host.heard("plUpdate"), "AAPL");
        const equity = await host.heard("equityUpdate");
        assert.ok(Math.abs(equity - 100_000) < 1000);
      });

      test("closes a part, then all, and tells the quantity 0", async () => {
        host.forget();
        await broker.closePosition("AAPL", 4);
        await host.heard("positionUpdate", ({ qty }) => qty === 6);
        await broker.closePosition("AAPL");
        await host.heard("positionUpdate", ({ id, qty }) => id === "AAPL" && qty === 0);
        assert.deepEqual(await broker.positions(), []);
        await refused("UNKNOWN_POSITION", broker.closePosition("AAPL"));
      });

      test("reverses a position with one order", async () => {
        host.forget();
        await market("AAPL", SELL, 3);
        await host.heard("positionUpdate", ({ qty, side }) => qty === 3 && side === SELL);
        await broker.reversePosition("AAPL");
        await host.heard("positionUpdate", ({ qty, side }) => qty === 3 && side === BUY);
        await broker.closePosition("AAPL");
      });

      test("rests, modifies and cancels a limit order, each confirmed by an update", async () => {
        host.forget();
        const limitPrice = Number(((await quote("AAPL")).bid * 0.9).toFixed(2));
        const { orderId } = await broker.placeOrder({ symbol: "AAPL", type: LIMIT, side: BUY, qty: 5, limitPrice });
        const placed = await host.heard("orderUpdate", ({ id, status }) => id === orderId && status === WORKING);
        await broker.modifyOrder({ ...placed, qty: 7, limitPrice: Number((limitPrice - 1).toFixed(2)) });
        await host.heard("orderUpdate", ({ id, qty }) => id === orderId && qty === 7);
        assert.equal((await order(orderId)).limitPrice, Number((limitPrice - 1).toFixed(2)));
        await broker.cancelOrder(orderId);
        await host.heard("orderUpdate", ({ id, status }) => id === orderId && status === CANCELED);
        await refused("ORDER_FINAL", broker.cancelOrder(orderId));
        await refused("UNKNOWN_ORDER", broker.cancelOrder("NO-SUCH-ORDER"));
      });

      test("cancels orders by symbol and side", async () => {
        host.forget();
        const { bid } = await quote("AAPL");
        const price = (share) => Number((bid * share).toFixed(2));
        const buy = await broker.placeOrder({ symbol: "AAPL", type: LIMIT, side: BUY, qty: 1, limitPrice: price(0.9) });
        const sell = await broker.placeOrder({ symbol: "AAPL", type: LIMIT, side: SELL, qty: 1, limitPrice: price(1.1) });
        await broker.cancelOrders("AAPL", SELL, []);
        await host.heard("orderUpdate", ({ id, status }) => id === sell.orderId && status === CANCELED);
        assert.equal((await order(buy.orderId)).status, WORKING);
        await broker.cancelOrders("AAPL", undefined, [buy.orderId]);
        await host.heard("orderUpdate", ({ id, status }) => id === buy.orderId && status === CANCELED);
      });

      test("brackets of an order become the position's, one cancels the other", async () => {
        host.forget();
        const { bid } = await quote("AAPL");
        const price = (share) => Number((bid * share).toFixed(2));
        const { orderId } = await market("AAPL", BUY, 10, { takeProfit: price(1.2), stopLoss: price(0.8) });
        await filled(orderId);
        const legs = (one) => one.parentId === "AAPL" && one.parentType === 2 && one.status === WORKING;
        await host.heard("orderUpdate", (one) => legs(one) && one.type === LIMIT && one.limitPrice === price(1.2));
        await host.heard("orderUpdate", (one) => legs(one) && one.type === STOP && one.stopPrice === price(0.8));
        const held = await position("AAPL");
        assert.deepEqual([held.takeProfit, held.stopLoss], [price(1.2), price(0.8)]);
        host.forget();
        await broker.editPositionBrackets("AAPL", { takeProfit: price(1.3) });
        await host.heard("positionUpdate", ({ takeProfit, stopLoss }) => takeProfit === price(1.3) && stopLoss === undefined);
        await broker.closePosition("AAPL");
        await host.heard("orderUpdate", (one) => one.parentId === "AAPL" && one.status === CANCELED && one.reason !== undefined);
        assert.ok((await broker.orders()).every(({ status }) => status !== WORKING && status !== INACTIVE));
      });

      test("brackets of a resting order wait with it and die with it", async () => {
        host.forget();
        const { bid } = await quote("AAPL");
        const price = (share) => Number((bid * share).toFixed(2));
        const entry = { symbol: "AAPL", type: LIMIT, side: BUY, qty: 2, limitPrice: price(0.9), takeProfit: price(1.1), stopLoss: price(0.7) };
        const { orderId } = await broker.placeOrder(entry);
        await host.heard("orderUpdate", ({ parentId, status }) => parentId === orderId && status === INACTIVE);
        await broker.cancelOrder(orderId);
        await host.heard("orderUpdate", ({ parentId, status }) => parentId === orderId && status === CANCELED);
        assert.ok((await broker.orders()).every(({ status }) => status !== INACTIVE));
      });

      test("previews costs and brackets, and says what would be refused", async () => {
        const { bid } = await quote("AAPL");
        const good = { symbol: "AAPL", type: MARKET, side: BUY, qty: 10, takeProfit: Number((bid * 1.2).toFixed(2)) };
        const preview = await broker.previewOrder(good);
        assert.deepEqual(preview.sections.map(({ header }) => header), ["Order Details", "Cost Analysis", "Risk Management"]);
        const costs = preview.sections[1].rows.map(({ title }) => title);
        assert.deepEqual(costs, ["Estimated Price", "Order Value", "Commission", "Margin Required", "Total Cost"]);
        assert.equal(preview.errors, undefined);
        assert.match((await broker.previewOrder({ ...good, qty: 1.5 })).errors[0], /^qty 1.5 /);
        assert.match((await broker.previewOrder({ ...good, takeProfit: 1 })).errors[0], /^takeProfit 1 /);
        assert.match((await broker.previewOrder({ ...good, qty: 100_000 })).errors[0], /margin/);
      });

      test("refuses an invalid order with a code, and stores nothing", async () => {
        const before = (await broker.orders()).length;
        const limit = { symbol: "AAPL", type: LIMIT, side: BUY, qty: 1, limitPrice: 100 };
        const { bid } = await quote("AAPL");
        await refused("BAD_QTY_STEP", broker.placeOrder({ ...limit, qty: 1.5 }));
        await refused("QTY_RANGE", broker.placeOrder({ ...limit, qty: 0 }));
        await refused("BAD_PRICE_TICK", broker.placeOrder({ ...limit, limitPrice: 100.001 }));
        await refused("PRICE_REQUIRED", broker.placeOrder({ ...limit, limitPrice: undefined }));
        await refused("UNKNOWN_SYMBOL", broker.placeOrder({ ...limit, symbol: "NOSUCH" }));
        await refused("OCO_BAD_PRICES", market("AAPL", BUY, 1, { stopLoss: Number((bid * 1.2).toFixed(2)) }));
        assert.equal((await broker.orders()).length, before);
      });

      test("stores what the market or the account refuses as rejected", async () => {
        host.forget();
        const { bid } = await quote("AAPL");
        const short = await market("AAPL", BUY, 100_000);
        const rejected = await host.heard("orderUpdate", ({ id, status }) => id === short.orderId && status === REJECTED);
        assert.equal(rejected.reason, "INSUFFICIENT_MARGIN");
        const stop = { symbol: "AAPL", type: STOP, side: BUY, qty: 1, stopPrice: Number((bid * 0.9).toFixed(2)) };
        const { orderId } = await broker.placeOrder(stop);
        const triggered = await host.heard("orderUpdate", ({ id, status }) => id === orderId && status === REJECTED);
        assert.equal(triggered.reason, "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY");
      });

      test("keeps a duration, and does not let an immediate order rest", async () => {
        host.forget();
        const limitPrice = Number(((await quote("AAPL")).bid * 0.9).toFixed(2));
        const resting = { symbol: "AAPL", type: LIMIT, side: BUY, qty: 1, limitPrice };
        const duration = { type: "GTD", datetime: Date.now() + 3_600_000 };
        const kept = await broker.placeOrder({ ...resting, duration });
        assert.deepEqual((await order(kept.orderId)).duration, duration);
        await broker.cancelOrder(kept.orderId);
        const { orderId } = await broker.placeOrder({ ...resting, duration: { type: "IOC" } });
        const ended = await host.heard("orderUpdate", ({ id, status }) => id === orderId && status === CANCELED);
        assert.equal(ended.reason, "EXPIRED");
      });

      test("moves a trailing stop with the market's best price only", async () => {
        host.forget();
        await market("MSFT", BUY, 1, { trailingStopPips: 500 });
        const leg = await host.heard("orderUpdate", ({ parentId, stopType, status }) => parentId === "MSFT" && stopType === 1 && status === WORKING);
        assert.ok(leg.stopPrice < (await quote("MSFT")).ask);
        assert.equal((await position("MSFT")).trailingStopPips, 500);
        await broker.closePosition("MSFT");
        await host.heard("orderUpdate", ({ id, status }) => id === leg.id && status === CANCELED);
      });

      test("shows, previews and sets leverage", async () => {
        const params = { symbol: "AAPL", orderType: MARKET, side: BUY };
        const info = await broker.leverageInfo(params);
        assert.deepEqual(info, { title: "Leverage for AAPL", leverage: 10, min: 1, max: 100, step: 1 });
        assert.ok((await broker.previewLeverage({ ...params, leverage: 5 })).infos.length);
        assert.ok((await broker.previewLeverage({ ...params, leverage: 1000 })).errors.length);
        assert.deepEqual(await broker.setLeverage({ ...params, leverage: 5 }), { leverage: 5 });
        assert.equal((await broker.leverageInfo(params)).leverage, 5);
      });

      test("tells quotes, depth and free margin of what is followed, and no more of it afterwards", async () => {
        const { marginAvailable } = await broker.money();
        broker.subscribeRealtime("MSFT");
        broker.subscribeDOM("MSFT");
        broker.subscribeMarginAvailable("MSFT");
        await host.heard("realtimeUpdate", (symbol, { bid, ask, spread }) => symbol === "MSFT" && Math.abs(ask - bid - spread) < 1e-9);
        const isSnapshot = (symbol, { snapshot, bids, asks }) => symbol === "MSFT" && snapshot && bids.length > 0 && asks.length > 0;
        await host.heard("domUpdate", isSnapshot);
        const { orderId } = await market("MSFT", BUY, 1);
        await filled(orderId);
        await host.heard("marginAvailableUpdate", (margin) => margin < marginAvailable);
        broker.unsubscribeRealtime("MSFT");
        broker.unsubscribeDOM("MSFT");
        broker.unsubscribeMarginAvailable("MSFT");
        host.forget();
        await host.heard("plUpdate");
        await host.heard("equityUpdate");
        await broker.closePosition("MSFT");
        await host.heard("positionUpdate", ({ symbol, qty }) => symbol === "MSFT" && qty === 0);
        const names = host.calls.map(([name]) => name);
        assert.deepEqual(names.filter((name) => ["realtimeUpdate", "domUpdate", "marginAvailableUpdate"].includes(name)), []);
      });

      test("trades several accounts, each for itself, and lets one start anew", async () => {
        const first = broker.currentAccount();
        const { id } = await broker.createAccount({ name: "Second", balance: 5000 });
        assert.ok((await broker.accountsMetainfo()).some((account) => account.id === id && account.name === "Second"));
        host.forget();
        broker.setCurrentAccount(id);
        await host.heard("currentAccountUpdate");
        assert.equal((await broker.money()).balance, 5000);
        const { orderId } = await market("AAPL", BUY, 1);
        await host.heard("positionUpdate", ({ symbol, qty }) => symbol === "AAPL" && qty === 1);
        assert.ok(orderId);
        await broker.resetAccount(7000);
        assert.deepEqual([(await broker.money()).balance, (await broker.positions()).length], [7000, 0]);
        broker.setCurrentAccount(first);
        assert.deepEqual(await broker.positions(), []);
        assert.ok((await broker.ordersHistory()).length > 5);
      });
    });
  });
}
