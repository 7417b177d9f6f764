// Node's `ws`: a loop over the clients that sends each the same string; no compression.
import { performance } from "node:perf_hooks";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { WebSocketServer } = createRequire(import.meta.url)("ws");

const SETTLE_MS = 500;
const DRAIN_MS = 150;
const options = Object.fromEntries(
  process.argv.slice(2).join(" ").split("--").filter(Boolean).map((pair) => pair.trim().split(" ")),
);
const [clients, topics] = ["clients", "topics"].map((name) => Number(options[name]));

function message(topic) {
  const v = {
    lp: 187.23, ask: 187.24, bid: 187.22, spread: 0.02, open_price: 186.1, high_price: 188.02, low_price: 185.9,
    prev_close_price: 186.4, volume: 1234567.0, ch: 0.83, chp: 0.445,
  };
  const payload = { s: "ok", n: `SYM${topic}`, v, at: Number(process.hrtime.bigint()) };
  return JSON.stringify({ type: "quotes.update", payload: { topic: `quotes:${topic}`, payload, seq: topic } });
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, backlog: 1024 });
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

server.on("listening", () => say({ port: server.address().port }));
server.on("connection", () => server.clients.size === clients && setTimeout(wait, SETTLE_MS));
setTimeout(() => process.exit(1), 600_000).unref();

function wait() {
  say({ client_kib: 0 });
  const orders = createInterface({ input: process.stdin });
  orders.on("line", (line) => play(JSON.parse(line)));
  orders.on("close", () => process.exit(0));
}

function play({ rate, ticks }) {
  const began = performance.now();
  const cpu = process.cpuUsage();
  let number = 0;
  const next = () => {
    if (number === ticks) return setTimeout(() => finish(cpu), DRAIN_MS);
    for (let topic = 0; topic < topics; topic += 1) {
      const text = Buffer.from(message(topic));
      for (const client of server.clients) client.send(text, { binary: false });
    }
    number += 1;
    return setTimeout(next, Math.max(0, began + (1000 * number) / rate - performance.now()));
  };
  next();
}

function finish(cpu) {
  const { user, system } = process.cpuUsage(cpu);
  say({ cpu_s: (user + system) / 1e6 });
}
