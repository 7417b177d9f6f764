// Node's `ws`: a loop over the clients that sends each the same string; no compression.
import { performance } from "node:perf_hooks";
import { createRequire } from "node:module";

const { WebSocketServer } = createRequire(import.meta.url)("ws");

const SETTLE_MS = 500;
const options = Object.fromEntries(
  process.argv.slice(2).join(" ").split("--").filter(Boolean).map((pair) => pair.trim().split(" ")),
);
const [clients, topics, rate, ticks] = ["clients", "topics", "rate", "ticks"].map((name) => Number(options[name]));

function message(topic) {
  const v = {
    lp: 187.23, ask: 187.24, bid: 187.22, spread: 0.02, open_price: 186.1, high_price: 188.02, low_price: 185.9,
    prev_close_price: 186.4, volume: 1234567.0, ch: 0.83, chp: 0.445,
  };
  const payload = { s: "ok", n: `SYM${topic}`, v, at: Number(process.hrtime.bigint()) };
  return JSON.stringify({ type: "quotes.update", payload: { topic: `quotes:${topic}`, payload, seq: topic } });
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, backlog: 1024 });
server.on("listening", () => console.log(JSON.stringify({ port: server.address().port })));
server.on("connection", () => server.clients.size === clients && setTimeout(run, SETTLE_MS));
setTimeout(() => process.exit(1), 120_000).unref();

function run() {
  const began = performance.now();
  const cpu = process.cpuUsage();
  let number = 0;
  const next = () => {
    if (number === ticks) return setTimeout(() => finish(cpu), SETTLE_MS);
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
  process.stdout.write(`${JSON.stringify({ cpu_s: (user + system) / 1e6, client_kib: 0 })}\n`, () => process.exit(0));
}
