// @ts-check
/**
 * Trading facts of instruments for code that cannot wait: what is known now, the rest is asked for once.
 *
 * @import {InstrumentFacts} from "../types/tradingview.js"
 */
import { decimalsOf } from "./format.js";

const DEFAULT_DECIMALS = 2;

export class InstrumentBook {
  /** @type {Map<string, InstrumentFacts>} */
  #known = new Map();
  /** @type {Set<string>} */
  #asked = new Set();
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #load;

  /** @param {(symbol: string) => Promise<InstrumentFacts>} load */
  constructor(load) {
    this.#load = load;
  }

  /**
   * @param {string} symbol
   * @returns {InstrumentFacts | undefined} undefined until it has been loaded; then listeners are called
   */
  get(symbol) {
    const info = this.#known.get(symbol);
    if (!info && symbol && !this.#asked.has(symbol)) this.#ask(symbol);
    return info;
  }

  /**
   * Decimals of the symbol's prices.
   * @param {string} symbol
   */
  decimals(symbol) {
    const info = this.get(symbol);
    return info ? decimalsOf(info.minTick) : DEFAULT_DECIMALS;
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** @param {() => void} listener */
  unsubscribe(listener) {
    this.#listeners.delete(listener);
  }

  /** @param {string} symbol */
  async #ask(symbol) {
    this.#asked.add(symbol);
    try {
      this.#known.set(symbol, await this.#load(symbol));
    } catch {
      this.#asked.delete(symbol);
      return;
    }
    for (const listener of [...this.#listeners]) listener();
  }
}
