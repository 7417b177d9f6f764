/// <reference types="node" />
/** Starts a server for the tests of a front end, from Playwright's `globalSetup`, Vitest's `beforeAll` or any Node program. */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ServerOptions {
  /** The program, by default `trading-pro`; `["python", "run.py"]` in a checkout. */
  readonly command?: readonly string[];
  /** Options of the server, such as `["--seed", "7"]`. */
  readonly args?: readonly string[];
  /** Milliseconds until it has to serve, by default 30,000. */
  readonly timeoutMs?: number;
}

export interface TestServer {
  /** Base of its URLs, such as `http://127.0.0.1:43211`. */
  readonly url: string;
  /** Stops it; resolves when the process has ended. */
  stop(): Promise<void>;
}

const POLL_MS = 20;
const MAX_LOG = 4000;

/** Start a server on a free port that stores nothing. Rejects with the end of its log when it does not start. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const [program = "trading-pro", ...before] = options.command ?? ["trading-pro"];
  const folder = mkdtempSync(join(tmpdir(), "trading-pro-"));
  const portFile = join(folder, "port");
  const own = ["--port", "0", "--port-file", portFile, "--ephemeral"];
  const server = spawn(program, [...before, ...own, ...(options.args ?? [])], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-MAX_LOG)));
  let ended: string | undefined;
  const end = new Promise<void>((resolve) => {
    const close = (reason: string): void => {
      ended ??= reason;
      rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    server.on("error", (error) => close(error.message));
    server.on("close", (status) => close(`it ended with status ${status}`));
  });
  const stop = (): Promise<void> => {
    server.kill();
    return end;
  };
  const until = Date.now() + (options.timeoutMs ?? 30_000);
  while (!existsSync(portFile)) {
    if (ended !== undefined) throw new Error(`${program} did not start: ${ended}\n${log}`);
    if (Date.now() > until) {
      await stop();
      throw new Error(`${program} did not start in time\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { url: `http://127.0.0.1:${readFileSync(portFile, "utf8").trim()}`, stop };
}
