// @ts-check
/**
 * The page's one socket: confirmed subscriptions, shared by any number of listeners, that survive a lost connection.
 *
 * - A subscription counts only after its response; its topic is the string that the server sends back.
 * - Listeners of the same route and payload share one subscription; the last one gone sends unsubscribe.
 * - A lost connection comes back with growing, fully jittered delays and every subscription is asked for again, with the
 *   place to resume from. After `onConfirmed({recovered: false})` a listener has to read the state again.
 * - Where the server wants a token, `hello` carries it; a fresh one goes out by another `hello` on the same connection.
 * - After `probeMs` of silence the server is asked for a sign of life, after `deadMs` the connection counts as lost.
 *
 * @import {ErrorPayload, NoticePayload, SubscribeResponsePayload, WelcomePayload} from "../types/wire.js"
 * @import {Credentials} from "./credentials.js"
 */
import { ConnectionStatus } from "../lib/codes.js";

/**
 * @typedef {object} Listener
 * @property {(payload: any) => void} onUpdate
 * @property {(state: {recovered: boolean}) => void} [onConfirmed] the subscription holds from now on
 * @property {(message: string) => void} [onRefused] the server does not want this subscription
 */

/**
 * @typedef {object} Subscription
 * @property {string} key
 * @property {string} route
 * @property {object} payload
 * @property {Set<Listener>} listeners
 * @property {string | null} topic the server's name for it; null until it is confirmed on this connection
 * @property {string | number | null} epoch
 * @property {number | null} seq of the last update
 */

/**
 * @typedef {object} Surroundings what the client takes from the browser
 * @property {(url: string) => WebSocket} createSocket
 * @property {(callback: () => void, delayMs: number) => unknown} setTimer
 * @property {(timer: any) => void} clearTimer
 * @property {() => number} random in [0, 1)
 * @property {Credentials | null} credentials null: this page has no tokens
 */

/**
 * `retryInMs`: until the next attempt; `needsToken`: the connection waits for a token.
 * @typedef {{status: 1 | 2 | 3, message?: string, retryInMs?: number, needsToken?: boolean}} SocketState
 */
/** @typedef {{topic: string, seq?: number | null, payload: unknown}} UpdatePayload */
/**
 * The possible content of a frame; its type decides which fields are there.
 * @typedef {Partial<SubscribeResponsePayload & ErrorPayload & NoticePayload & UpdatePayload & WelcomePayload>} FramePayload
 */
/** @typedef {{type: string, id?: string | number, payload?: FramePayload}} Frame */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const PROBE_MS = 10_000;
const DEAD_MS = 15_000;
/** The token is bad, or did not come in time: another one is needed. */
const TOKEN_CLOSE_CODES = [4500, 4502];
/** Close codes from here on mean: do not come back. */
const FIRST_FINAL_CLOSE_CODE = 4500;
const LAST_FINAL_CLOSE_CODE = 4999;
const SOCKET_CONNECTING = 0;
const SOCKET_OPEN = 1;
/** An open connection has to answer within this time after the network came back. */
const PROOF_MS = 2500;

/** @type {Surroundings} */
const BROWSER = {
  createSocket: (url) => new WebSocket(url),
  setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimer: (timer) => clearTimeout(timer),
  random: Math.random,
  credentials: null,
};

export class WebSocketClient {
  #url;
  #surroundings;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {(state: SocketState) => void} */
  #onState;
  /** @type {Map<string, Subscription>} */
  #byKey = new Map();
  /** @type {Map<string, Subscription>} */
  #byTopic = new Map();
  /** Subscribe messages without response yet. @type {Map<number, Subscription>} */
  #asked = new Map();
  #lastId = 0;
  #attempt = 0;
  /** @type {unknown} */
  #retryTimer = null;
  /** @type {unknown} */
  #silenceTimer = null;
  /** Token of the last `hello`. */
  #sentToken = "";
  /** Id that the server gave to the open connection; empty without one. */
  session = "";
  /** The server does not want this page back. */
  #isRefused = false;

  /**
   * @param {string} url
   * @param {(state: SocketState) => void} onState
   * @param {Partial<Surroundings>} [surroundings]
   */
  constructor(url, onState, surroundings = {}) {
    this.#url = url;
    this.#onState = onState;
    this.#surroundings = { ...BROWSER, ...surroundings };
    this.#surroundings.credentials?.subscribe(() => this.#sendHello());
  }

  /** Open the connection and keep it open. Without effect on one that is there. */
  connect() {
    if (this.#socket) return;
    this.#surroundings.clearTimer(this.#retryTimer);
    this.#onState({ status: ConnectionStatus.Connecting });
    const socket = this.#surroundings.createSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#received(socket, event.data);
    socket.onclose = (event) => this.#lost(socket, event.code, event.reason);
    this.#listenForSilence();
  }

  /** Close the connection and do not come back. */
  close() {
    const { clearTimer } = this.#surroundings;
    const socket = this.#socket;
    this.#socket = null;
    clearTimer(this.#retryTimer);
    clearTimer(this.#silenceTimer);
    socket?.close();
  }

  /**
   * Connect at once, because the network came back or the trader asks for it. An attempt that hangs is given up, and an open
   * connection has to prove that it is alive.
   */
  retryNow() {
    if (this.#isRefused) return;
    this.#attempt = 0;
    const socket = this.#socket;
    if (socket?.readyState === SOCKET_OPEN) {
      this.#probe(PROOF_MS);
      return;
    }
    if (socket?.readyState === SOCKET_CONNECTING) this.#abandon(socket);
    this.connect();
  }

  /** The browser has no network: the connection is lost, although the socket is still open. */
  networkLost() {
    if (this.#socket) this.#dropSilent();
  }

  /** @param {WebSocket} socket */
  #abandon(socket) {
    this.#surroundings.clearTimer(this.#silenceTimer);
    this.#socket = null;
    socket.close();
  }

  /**
   * Listen to a topic.
   * @param {string} route
   * @param {object} payload
   * @param {Listener} listener
   * @returns {() => void} stop listening
   */
  subscribe(route, payload, listener) {
    const key = `${route}:${JSON.stringify(payload)}`;
    let subscription = this.#byKey.get(key);
    if (!subscription) {
      subscription = { key, route, payload, listeners: new Set(), topic: null, epoch: null, seq: null };
      this.#byKey.set(key, subscription);
      this.#ask(subscription);
    } else if (subscription.topic !== null) {
      queueMicrotask(() => this.#welcomeLate(key, listener));
    }
    subscription.listeners.add(listener);
    return () => this.#release(key, listener);
  }

  /**
   * @param {string} key
   * @param {Listener} listener
   */
  #welcomeLate(key, listener) {
    const subscription = this.#byKey.get(key);
    if (subscription?.topic && subscription.listeners.has(listener)) listener.onConfirmed?.({ recovered: false });
  }

  /**
   * @param {string} key
   * @param {Listener} listener
   */
  #release(key, listener) {
    const subscription = this.#byKey.get(key);
    if (!subscription?.listeners.delete(listener) || subscription.listeners.size > 0) return;
    this.#byKey.delete(key);
    if (subscription.topic === null) return;
    this.#byTopic.delete(subscription.topic);
    this.#send({ type: `${subscription.route}.unsubscribe`, payload: subscription.payload, id: ++this.#lastId });
  }

  /** @param {Subscription} subscription */
  #ask(subscription) {
    if (this.#socket?.readyState !== SOCKET_OPEN) return;
    const id = ++this.#lastId;
    this.#asked.set(id, subscription);
    const { epoch, seq } = subscription;
    const recover = epoch === null || seq === null ? undefined : { epoch, seq };
    this.#send({ type: `${subscription.route}.subscribe`, payload: subscription.payload, id, recover });
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState === SOCKET_OPEN) this.#socket.send(JSON.stringify(message));
  }

  #opened() {
    this.#sendHello();
    for (const subscription of this.#byKey.values()) this.#ask(subscription);
    this.#onState({ status: ConnectionStatus.Connected });
  }

  /** Ask for heartbeats and send the token. A server that knows no hello answers with an error, which is a sign of life as well. */
  #sendHello() {
    this.#sentToken = this.#surroundings.credentials?.token ?? "";
    this.#send({ type: "hello", payload: this.#sentToken ? { token: this.#sentToken } : {}, id: ++this.#lastId });
  }

  /**
   * @param {WebSocket} socket
   * @param {string} text
   */
  #received(socket, text) {
    if (socket !== this.#socket) return;
    this.#attempt = 0;
    this.#listenForSilence();
    /** @type {Frame} */
    const frame = JSON.parse(text);
    const payload = frame.payload ?? {};
    if (frame.type.endsWith(".update")) this.#updated(payload);
    else if (frame.type.endsWith(".subscribe.response")) this.#answered(Number(frame.id), payload);
    else if (frame.type === "error" && frame.id !== undefined) this.#refused(Number(frame.id), payload);
    else if (frame.type === "welcome") this.session = payload.session ?? "";
    else if (frame.type === "notice" && payload.code === "TOKEN") this.#tokenEnds(payload.inMs ?? 0);
  }

  /** @param {number} inMs */
  #tokenEnds(inMs) {
    this.#renewToken(`it is good for another ${Math.round(inMs / 1000)} seconds`, false);
  }

  /**
   * @param {string} reason
   * @param {boolean} isUrgent
   */
  #renewToken(reason, isUrgent) {
    return this.#surroundings.credentials?.renew(this.#sentToken, { reason, isUrgent }) ?? Promise.resolve(false);
  }

  /** @param {FramePayload} payload */
  #updated(payload) {
    const subscription = this.#byTopic.get(payload.topic ?? "");
    if (!subscription) return;
    if (typeof payload.seq === "number") subscription.seq = payload.seq;
    for (const listener of [...subscription.listeners]) listener.onUpdate(payload.payload);
  }

  /**
   * @param {number} id
   * @param {FramePayload} payload
   */
  #answered(id, payload) {
    const subscription = this.#asked.get(id);
    if (!subscription) return;
    if (payload.status !== "ok" || payload.topic === undefined) {
      this.#refused(id, payload);
      return;
    }
    this.#asked.delete(id);
    if (this.#byKey.get(subscription.key) !== subscription) {
      this.#dropAbandoned(subscription, payload.topic);
      return;
    }
    const recovered = payload.recovered === true;
    subscription.topic = payload.topic;
    subscription.epoch = payload.epoch ?? null;
    if (!recovered) subscription.seq = payload.seq ?? null;
    this.#byTopic.set(payload.topic, subscription);
    for (const listener of [...subscription.listeners]) listener.onConfirmed?.({ recovered });
  }

  /**
   * The last listener left before the response came: unsubscribe, unless there is a new subscription meanwhile.
   * @param {Subscription} subscription
   * @param {string} topic
   */
  #dropAbandoned(subscription, topic) {
    if (this.#byKey.has(subscription.key)) return;
    this.#send({ type: `${subscription.route}.unsubscribe`, payload: subscription.payload, id: ++this.#lastId });
    this.#byTopic.delete(topic);
  }

  /**
   * @param {number} id
   * @param {FramePayload} payload
   */
  #refused(id, payload) {
    const subscription = this.#asked.get(id);
    if (!subscription) return;
    this.#asked.delete(id);
    if (this.#byKey.get(subscription.key) !== subscription) return;
    this.#byKey.delete(subscription.key);
    for (const listener of [...subscription.listeners]) listener.onRefused?.(payload.message ?? "refused");
  }

  #listenForSilence() {
    const { setTimer, clearTimer } = this.#surroundings;
    clearTimer(this.#silenceTimer);
    this.#silenceTimer = setTimer(() => this.#probe(DEAD_MS - PROBE_MS), PROBE_MS);
  }

  /** @param {number} waitMs for any message of the server */
  #probe(waitMs) {
    const { setTimer, clearTimer } = this.#surroundings;
    clearTimer(this.#silenceTimer);
    this.#sendHello();
    this.#silenceTimer = setTimer(() => this.#dropSilent(), waitMs);
  }

  #dropSilent() {
    const socket = this.#socket;
    if (!socket) return;
    this.#lost(socket, 1006, "");
    socket.close();
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   * @param {string} reason
   */
  #lost(socket, code, reason) {
    if (socket !== this.#socket) return;
    const { setTimer, clearTimer, random } = this.#surroundings;
    this.#socket = null;
    clearTimer(this.#silenceTimer);
    this.#asked.clear();
    this.#byTopic.clear();
    for (const subscription of this.#byKey.values()) subscription.topic = null;
    if (code >= FIRST_FINAL_CLOSE_CODE && code <= LAST_FINAL_CLOSE_CODE) {
      this.#stop(code, reason || `closed by the server (${code})`);
      return;
    }
    const bound = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt++);
    const retryInMs = random() * bound;
    this.#retryTimer = setTimer(() => this.connect(), retryInMs);
    this.#onState({ status: ConnectionStatus.Connecting, retryInMs });
  }

  /**
   * Stay away, as the server wishes; come back only with another token where it was about that.
   * @param {number} code
   * @param {string} message
   */
  async #stop(code, message) {
    const isAboutToken = TOKEN_CLOSE_CODES.includes(code) && this.#surroundings.credentials !== null;
    this.#isRefused = true;
    this.#onState({ status: isAboutToken ? ConnectionStatus.Connecting : ConnectionStatus.Disconnected, message, ...(isAboutToken && { needsToken: true }) });
    if (!isAboutToken || !await this.#renewToken(message, true)) return;
    this.#isRefused = false;
    this.#attempt = 0;
    this.connect();
  }
}
