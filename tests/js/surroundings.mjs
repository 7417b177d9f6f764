/** What the contract runs against: the real server in a process of its own, and the page's own fallback. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

import { ApiAdapter } from "../../static/js/adapters/api-adapter.js";
import { createFallback } from "../../static/js/adapters/fallback.js";
import { WebSocketClient } from "../../static/js/adapters/ws-client.js";
import { WsAdapter } from "../../static/js/adapters/ws-adapter.js";
import { Socket } from "./socket.mjs";

const ROOT = new URL("../../", import.meta.url).pathname;
const GREETING = "listening on ";
const STOP_TIMEOUT_MS = 10_000;

/** The interpreter that has what the server needs: that of `make`, else the one that is named, else the one on PATH. */
function findPython() {
  const names = [`${ROOT}.venv/bin/python`, process.env.PYTHON, "python3"].filter((name) => name && (!name.startsWith("/") || existsSync(name)));
  const found = names.find((name) => spawnSync(name, ["-c", "import tornado, pydantic, orjson, numpy"]).status === 0);
  if (!found) throw new Error(`none of ${names.join(", ")} has the server's dependencies: make test sets them up`);
  return found;
}

/** @returns {Promise<{api, ws, open, drop, retryNow, close: () => Promise<void>}>} `drop` breaks the connection, `retryNow` opens it again */
export async function startServer(onState) {
  const server = spawn(findPython(), ["run.py", "--port", "0", "--ephemeral"], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: server.stdout });
  const [line] = await once(lines, "line", { signal: AbortSignal.timeout(20_000) });
  const address = line.slice(GREETING.length);
  let connection;
  const createSocket = (url) => {
    connection = new Socket(url);
    return connection;
  };
  const socket = new WebSocketClient(`${address.replace("http", "ws")}/api/v1/ws`, onState, { createSocket });
  const open = () => socket.connect();
  return {
    api: new ApiAdapter(`${address}/api/v1`), ws: new WsAdapter(socket), open,
    drop: () => connection.close(),
    retryNow: () => socket.retryNow(),
    async close() {
      socket.close();
      server.kill("SIGTERM");
      const timer = setTimeout(() => server.kill("SIGKILL"), STOP_TIMEOUT_MS);
      if (server.exitCode === null) await once(server, "exit");
      clearTimeout(timer);
    },
  };
}

/** @returns {Promise<{api, ws, close: () => Promise<void>}>} */
export async function startFallback(onState) {
  const { api, ws, open, close } = createFallback({ onState, tickMs: 50 });
  return { api, ws, open, close: async () => close() };
}
