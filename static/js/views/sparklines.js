// @ts-check
/**
 * The courses of the day of the watchlist's visible rows. All that are missing or old are read with one request, the first one when
 * the page has settled, and again with every bar and after a reconnect. Until then the row moves the end of its line.
 *
 * @import {Context} from "./view.js"
 */
import { ConnectionStatus } from "../lib/codes.js";

/** The first request waits until the other panels have their data. */
const SETTLE_MS = 2000;
/** Pause between requests; rows that become visible meanwhile share the next one. */
const PAUSE_MS = 500;
/** Minutes of a bar: a course of an earlier one is old. */
const BAR_MINUTES = 15;
const SYMBOL_LIMIT = 100;

export class Sparklines {
  #context;
  #onRead;
  /** Closes by symbol, oldest first, with the bar in which they were read. @type {Map<string, {closes: number[], bar: number}>} */
  #courses = new Map();
  /** Symbols of the visible rows. @type {Set<string>} */
  #visible = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Pick<Context, "datafeed" | "state">} context
   * @param {(symbol: string) => void} onRead a symbol has another course
   */
  constructor(context, onRead) {
    this.#context = context;
    this.#onRead = onRead;
  }

  /**
   * Read courses until `close` is called.
   * @returns {() => void} the end of it
   */
  open() {
    const { state } = this.#context;
    const again = () => this.#ask(PAUSE_MS);
    const reconnect = () => {
      if (state.socket.value().status !== ConnectionStatus.Connected) return;
      for (const course of this.#courses.values()) course.bar = NaN;
      again();
    };
    state.minute.subscribe(again);
    state.socket.subscribe(reconnect);
    this.#ask(SETTLE_MS);
    return () => {
      state.minute.unsubscribe(again);
      state.socket.unsubscribe(reconnect);
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /**
   * @param {string} symbol
   * @returns {number[] | undefined} closes of the day, oldest first
   */
  get(symbol) {
    return this.#courses.get(symbol)?.closes;
  }

  /**
   * A row came into view, or left it.
   * @param {string} symbol
   * @param {boolean} isVisible
   */
  seen(symbol, isVisible) {
    if (isVisible) this.#visible.add(symbol);
    else this.#visible.delete(symbol);
    if (isVisible && !this.#courses.has(symbol)) this.#ask(PAUSE_MS);
  }

  get #bar() {
    return Math.floor(this.#context.state.minute.value() / BAR_MINUTES);
  }

  /** @param {number} delayMs unless a request is planned already */
  #ask(delayMs) {
    this.#timer ??= setTimeout(() => this.#read(), delayMs);
  }

  async #read() {
    const bar = this.#bar;
    const symbols = [...this.#visible].filter((symbol) => this.#courses.get(symbol)?.bar !== bar).slice(0, SYMBOL_LIMIT);
    // A request that fails is repeated in the next minute.
    const found = symbols.length ? await this.#context.datafeed.sparklines(symbols).catch(() => []) : [];
    this.#timer = undefined;
    for (const { symbol, closes } of found) {
      this.#courses.set(symbol, { closes, bar });
      this.#onRead(symbol);
    }
  }
}
