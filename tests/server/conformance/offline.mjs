/**
 * A session with the offline broker of the page: its updates as JSON lines, in the form of the stream of a server. After each
 * command there is a line with the type "settled". The clock moves only here, so that every run is the same.
 */
import { createFallback } from "../../../static/js/adapters/fallback.js";

const [BUY, SELL] = [1, -1];
const [LIMIT, MARKET, STOP, STOP_LIMIT] = [1, 2, 3, 4];
const SYMBOL = "AAPL";
const STEP_MS = 1000;
const LONG_STEP_MS = 3_600_000;

let now = Date.UTC(2026, 0, 5, 15);
const numbers = new Map();
const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** Updates as the server numbers them. */
function tell(route, topic, payload) {
  const seq = (numbers.get(topic) ?? 0) + 1;
  numbers.set(topic, seq);
  write({ type: `${route}.update`, payload: { topic, payload, seq } });
}

let tick;
const realSetInterval = globalThis.setInterval;
globalThis.setInterval = (step) => {
  tick = step;
};
const { api, ws, open } = createFallback({ seed: 7, now: () => now });
open();
globalThis.setInterval = realSetInterval;
const { id: accountId } = await api.account();

async function subscribe(route, payload, snapshot) {
  const topic = `${route}:${JSON.stringify(payload)}`;
  write({ type: `${route}.subscribe.response`, payload: { status: "ok", topic, seq: 0, ...(snapshot && { snapshot }) } });
  ws[route].subscribe(payload, { onUpdate: (update) => tell(route, topic, update) });
}

/** Let the updates that wait as microtasks arrive. */
const arrive = () => new Promise((resolve) => setImmediate(resolve));

async function run(command) {
  const result = await command;
  await arrive();
  write({ type: "settled" });
  return result;
}

async function step(ms = STEP_MS, times = 1) {
  for (let count = 0; count < times; count += 1) {
    now += ms;
    tick();
    await run();
  }
}

write({ type: "instrument", payload: await api.instrument(SYMBOL) });
await subscribe("executions", { accountId });
await subscribe("orders", { accountId }, await api.orders());
await subscribe("equity", { accountId }, await api.accountState());
await subscribe("positions", { accountId }, await api.positions());
await subscribe("pl", { accountId });
await subscribe("quotes", { symbols: [], fast_symbols: [SYMBOL] });
await subscribe("bars", { symbol: SYMBOL, resolution: "1" });
await subscribe("depth", { symbol: SYMBOL });
await arrive();

const quote = async () => (await api.quotes([SYMBOL]))[0].v;
const near = (price, factor) => Math.round(price * factor * 100) / 100;
const place = (fields) => run(api.placeOrder({ symbol: SYMBOL, type: MARKET, side: BUY, qty: 10, ...fields }));
const order = async (id) => (await api.orders()).find((one) => one.id === id);

// positions: open, add, reduce, reverse, close
await place({});
await step();
await place({});
await run(api.closePosition(SYMBOL, 5));
await run(api.reversePosition(SYMBOL));
await step();
await run(api.closePosition(SYMBOL));

// orders that wait: modified, unchanged, canceled, expired
let { bid, ask } = await quote();
const { orderId: waiting } = await place({ type: LIMIT, limitPrice: near(bid, 0.98) });
await run(api.modifyOrder({ ...(await order(waiting)), limitPrice: near(bid, 0.97) }));
await run(api.modifyOrder(await order(waiting)));
await run(api.cancelOrder(waiting));
await place({ type: STOP, stopPrice: near(ask, 1.05) });
await place({ type: STOP_LIMIT, stopPrice: near(ask, 1.05), limitPrice: near(ask, 1.06) });
await run(api.cancelOrders(SYMBOL, BUY, []));
await place({ type: LIMIT, limitPrice: near(bid, 0.98), duration: { type: "GTD", datetime: now + STEP_MS } });
await step();
await place({ type: LIMIT, limitPrice: near(bid, 0.98), duration: { type: "IOC" } });
await place({ type: LIMIT, qty: 1_000_000, limitPrice: near(bid, 0.98) });
await place({ side: SELL, isClose: true });

// brackets: of an order that is canceled, of a position that is closed, edited, hit, and trailing
({ bid, ask } = await quote());
const brackets = { takeProfit: near(ask, 1.1), stopLoss: near(bid, 0.9) };
const { orderId: entry } = await place({ type: LIMIT, limitPrice: near(bid, 0.98), ...brackets });
await run(api.modifyOrder({ ...(await order(entry)), takeProfit: near(ask, 1.2) }));
await run(api.cancelOrder(entry));
await place(brackets);
await run(api.editPositionBrackets(SYMBOL, { takeProfit: near(ask, 1.15) }));
await place({ qty: 5 });
await run(api.closePosition(SYMBOL, 5));
await run(api.closePosition(SYMBOL));
for (const side of [BUY, SELL]) {
  ({ bid, ask } = await quote());
  const [up, down] = [near(ask, 1.001), near(bid, 0.999)];
  await place({ side, ...(side === BUY ? { takeProfit: up, stopLoss: down } : { takeProfit: down, stopLoss: up }) });
  await step(LONG_STEP_MS, 24);
}
await place({ type: LIMIT, side: BUY, limitPrice: near((await quote()).bid, 0.999), trailingStopPips: 20 });
await step(LONG_STEP_MS, 48);
await place({ type: STOP_LIMIT, side: BUY, stopPrice: near((await quote()).ask, 1.001), limitPrice: near(ask, 1.2) });
await step(LONG_STEP_MS, 48);
