/**
 * The stream: confirmed subscriptions, shared listeners, reconnection with jitter, resume without gaps.
 *
 * A subscription is known to the server by its topic, which the response names. Listeners of one route and payload
 * share one subscription. After a reconnect each one is made again; exact routes ask for what they missed, and where the
 * server cannot give all of it, `onReset` is called instead: read the state anew.
 */

import { DELIVERY, type Routes } from "./generated/stream.js";

export type Route = keyof Routes;
export type Status = "connecting" | "open" | "waiting" | "closed";

export interface Listener<R extends Route> {
  /** An update; `seq` is its number in the topic. */
  readonly onUpdate: (payload: Routes[R]["update"], seq: number) => void;
  /** Updates were missed and cannot be had: `snapshot` is the state, where the server sent it. */
  readonly onReset?: (snapshot: unknown) => void;
  /** The server refused the subscription after a reconnect; it has ended. */
  readonly onEnd?: (error: SubscriptionError) => void;
}

export interface Subscription {
  readonly topic: string;
  /** Stop listening; the last listener ends the subscription. */
  cancel(): Promise<void>;
}

export interface StreamOptions {
  /** The socket's address, such as `ws://127.0.0.1:8000/api/v1/ws`. */
  readonly address: string;
  /** Returns a token, where the server asks for tokens. */
  readonly token?: () => string;
  /** Opens a socket; the platform's own WebSocket unless given. */
  readonly open?: (address: string) => WebSocket;
  readonly onStatus?: (status: Status, closeCode?: number) => void;
  /** First pause before a reconnect, and the longest; each pause is random between half of it and all of it. */
  readonly pauseMs?: number;
  readonly maxPauseMs?: number;
  readonly random?: () => number;
}

/** The server refused a subscription or a message, or the connection ended before it answered. */
export class SubscriptionError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "SubscriptionError";
  }
}

interface Reply {
  readonly status: "ok" | "error";
  readonly message: string;
  readonly topic: string;
  readonly epoch?: string | null;
  readonly seq?: number | null;
  readonly recovered?: boolean | null;
  readonly snapshot?: unknown;
}

interface Pending {
  readonly resolve: (payload: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Entry {
  readonly key: string;
  readonly route: Route;
  readonly payload: unknown;
  readonly listeners: Set<Listener<Route>>;
  confirmed: Promise<void>;
  topic: string;
  epoch: string | undefined;
  seq: number;
}

const FIRST_PERMANENT_CODE = 4500;
const MISSED_HEARTBEATS = 3;

export class Stream {
  readonly #options: StreamOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #byTopic = new Map<string, Entry>();
  readonly #pending = new Map<number, Pending>();
  #socket: WebSocket | undefined;
  #ready: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #lastFrame = 0;
  #nextId = 1;
  #attempts = 0;
  #isClosed = false;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** Subscribe; resolves when the server confirmed it. Rejects with SubscriptionError when it refused. */
  async subscribe<R extends Route>(
    route: R,
    payload: Routes[R]["subscription"],
    listener: Listener<R> | Listener<R>["onUpdate"],
  ): Promise<Subscription> {
    if (this.#isClosed) throw new SubscriptionError("CLOSED", "the stream is closed");
    const given = (typeof listener === "function" ? { onUpdate: listener } : { ...listener }) as Listener<Route>;
    const key = `${route}:${canonical(payload)}`;
    let entry = this.#entries.get(key);
    if (!entry) {
      const made: Entry = {
        ...{ key, route, payload, listeners: new Set<Listener<Route>>(), topic: "", epoch: undefined, seq: -1 },
        confirmed: Promise.resolve(),
      };
      entry = made;
      this.#entries.set(key, made);
      made.confirmed = this.#connected().then(() => this.#subscribe(made));
    }
    entry.listeners.add(given);
    try {
      await entry.confirmed;
    } catch (error) {
      this.#drop(entry);
      throw error;
    }
    const held = entry;
    return { topic: held.topic, cancel: () => this.#cancel(held, given) };
  }

  /** Close the stream for good. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#entries.clear();
    this.#byTopic.clear();
    const socket = this.#socket;
    this.#lost(1000);
    socket?.close(1000);
  }

  async #cancel(entry: Entry, listener: Listener<Route>): Promise<void> {
    if (!entry.listeners.delete(listener) || entry.listeners.size > 0) return;
    this.#drop(entry);
    if (this.#socket?.readyState === 1) await this.#ask(`${entry.route}.unsubscribe`, { payload: entry.payload });
  }

  #drop(entry: Entry): void {
    if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
    if (this.#byTopic.get(entry.topic) === entry) this.#byTopic.delete(entry.topic);
  }

  async #subscribe(entry: Entry): Promise<void> {
    const isExact = DELIVERY[entry.route] === "exact";
    const known = isExact && entry.epoch !== undefined ? { epoch: entry.epoch, seq: entry.seq } : undefined;
    const resume = known ? { recover: known, snapshot: true } : {};
    const pending = this.#ask(`${entry.route}.subscribe`, { payload: entry.payload, ...resume }, (reply) => {
      if (reply.status === "error") return;
      entry.topic = reply.topic;
      this.#byTopic.set(entry.topic, entry);
      const isRecovered = known !== undefined && reply.recovered === true;
      if (!isRecovered) entry.seq = reply.seq ?? -1;
      entry.epoch = reply.epoch ?? undefined;
      if (known && !isRecovered) for (const one of [...entry.listeners]) one.onReset?.(reply.snapshot);
    });
    const reply = await pending;
    if (reply.status === "error") throw new SubscriptionError("REFUSED", reply.message);
  }

  /** Send a request; `onReply` runs before the next frame is looked at. */
  #ask(type: string, message: object, onReply?: (reply: Reply) => void): Promise<Reply> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const settle = (payload: unknown): void => {
        onReply?.(payload as Reply);
        resolve(payload as Reply);
      };
      this.#pending.set(id, { resolve: settle, reject });
      this.#socket?.send(JSON.stringify({ type, id, ...message }));
    });
  }

  #connected(): Promise<void> {
    this.#ready ??= this.#connect();
    return this.#ready;
  }

  #connect(): Promise<void> {
    const { address, open } = this.#options;
    this.#options.onStatus?.("connecting");
    const socket = (open ?? ((url) => new WebSocket(url)))(address);
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.onopen = () => {
        this.#attempts = 0;
        this.#lastFrame = Date.now();
        this.#greet();
        this.#options.onStatus?.("open");
        resolve();
      };
      socket.onmessage = (event: MessageEvent) => this.#receive(String(event.data));
      socket.onclose = (event: CloseEvent) => {
        if (this.#socket !== socket) return;
        reject(new SubscriptionError("CLOSED", `the connection ended with ${event.code}`));
        this.#lost(event.code);
      };
    });
  }

  /** Ask for heartbeats; a server that knows none answers with an error, which is fine. */
  #greet(): void {
    const token = this.#options.token?.();
    const hello = this.#ask("hello", { payload: token === undefined ? {} : { token } });
    hello.then(
      (welcome) => this.#expectHeartbeats((welcome as unknown as { heartbeatMs: number }).heartbeatMs),
      () => undefined,
    );
  }

  #expectHeartbeats(heartbeatMs: number): void {
    clearInterval(this.#watch);
    const socket = this.#socket;
    this.#watch = setInterval(() => {
      if (Date.now() - this.#lastFrame > MISSED_HEARTBEATS * heartbeatMs && this.#socket === socket) {
        this.#lost(4012);
        socket?.close();
      }
    }, heartbeatMs);
  }

  #receive(text: string): void {
    this.#lastFrame = Date.now();
    const message = JSON.parse(text) as { type: string; id?: number; payload?: any };
    const pending = message.id === undefined ? undefined : this.#pending.get(message.id);
    if (pending && message.id !== undefined) {
      this.#pending.delete(message.id);
      if (message.type !== "error") pending.resolve(message.payload);
      else pending.reject(new SubscriptionError(message.payload.code, message.payload.message));
    } else if (message.type.endsWith(".update")) {
      this.#update(message.payload);
    }
  }

  #update({ topic, payload, seq }: { topic: string; payload: never; seq: number }): void {
    const entry = this.#byTopic.get(topic);
    if (!entry || (DELIVERY[entry.route] === "exact" && seq <= entry.seq)) return;
    entry.seq = seq;
    for (const listener of [...entry.listeners]) listener.onUpdate(payload, seq);
  }

  #lost(code: number): void {
    this.#socket = undefined;
    this.#ready = undefined;
    clearInterval(this.#watch);
    this.#byTopic.clear();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const one of pending) one.reject(new SubscriptionError("CLOSED", `the connection ended with ${code}`));
    const isOver = this.#isClosed || (code >= FIRST_PERMANENT_CODE && code < 5000);
    this.#options.onStatus?.(isOver ? "closed" : "waiting", code);
    if (isOver) this.#isClosed = true;
    else if (this.#entries.size > 0) this.#later();
  }

  #later(): void {
    const { pauseMs = 500, maxPauseMs = 30_000, random = Math.random } = this.#options;
    const pause = Math.min(maxPauseMs, pauseMs * 2 ** this.#attempts++) * (0.5 + random() / 2);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#reconnect(), pause);
  }

  async #reconnect(): Promise<void> {
    if (this.#entries.size === 0) return;
    try {
      await this.#connected();
    } catch {
      return; // The socket's end was seen where the next attempt is planned.
    }
    // A subscription that was never confirmed is not renewed: its caller was told.
    const renewed = [...this.#entries.values()].filter((entry) => entry.topic !== "");
    await Promise.all(renewed.map((entry) => this.#renew(entry)));
  }

  async #renew(entry: Entry): Promise<void> {
    try {
      entry.confirmed = this.#subscribe(entry);
      await entry.confirmed;
    } catch (error) {
      if (!(error instanceof SubscriptionError) || error.code === "CLOSED") return;
      this.#drop(entry);
      for (const listener of [...entry.listeners]) listener.onEnd?.(error);
    }
  }
}

function canonical(value: unknown): string {
  const sorted = (_: string, node: unknown): unknown =>
    node !== null && typeof node === "object" && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node;
  return JSON.stringify(value, sorted);
}
