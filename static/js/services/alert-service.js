// @ts-check
/**
 * Price alerts of this browser. An alert waits for the last price of a symbol to reach its price, is told once, and is gone. Alerts are
 * kept over a reload; they are followed while the page is open.
 *
 * @import {Memory} from "../lib/memory.js"
 * @import {QuoteData} from "../types/tradingview.js"
 * @import {DatafeedService} from "./datafeed-service.js"
 */
import { Value } from "../lib/store.js";

/** @typedef {{symbol: string, price: number, direction: "above" | "below"}} Alert */

const GUID = "alerts";
const MAX_ALERTS = 50;

/**
 * @param {Alert} alert
 * @param {number} last price
 */
export function isReached({ price, direction }, last) {
  return direction === "above" ? last >= price : last <= price;
}

export class AlertService {
  /** The alerts that wait, the oldest first. @type {Value<readonly Alert[]>} */
  waiting;
  #datafeed;
  #memory;
  #onReached;
  #followed = "";

  /**
   * @param {Pick<DatafeedService, "subscribeQuotes" | "unsubscribeQuotes">} datafeed
   * @param {Pick<Memory, "recall" | "remember">} memory
   * @param {(alert: Alert, last: number) => void} onReached
   */
  constructor(datafeed, memory, onReached) {
    this.#datafeed = datafeed;
    this.#memory = memory;
    this.#onReached = onReached;
    this.waiting = new Value(/** @type {readonly Alert[]} */ (memory.recall("alerts", [])));
  }

  /** Follow the prices of the alerts that were kept. */
  start() {
    this.#follow();
  }

  /**
   * @param {string} symbol
   * @param {number} price
   * @param {number} last price now: it decides whether the alert waits for a rise or a fall
   * @returns {string} why it cannot be added; empty when it was
   */
  add(symbol, price, last) {
    if (!(price > 0)) return "Enter a price.";
    if (price === last) return "The market is at this price now.";
    if (this.waiting.value().length >= MAX_ALERTS) return `There are ${MAX_ALERTS} alerts, the most there can be.`;
    this.#replace([...this.waiting.value(), { symbol, price, direction: price > last ? "above" : "below" }]);
    return "";
  }

  /** @param {Alert} alert */
  remove(alert) {
    this.#replace(this.waiting.value().filter((one) => one !== alert));
  }

  /** @param {readonly Alert[]} alerts */
  #replace(alerts) {
    this.waiting.setValue(alerts);
    this.#memory.remember("alerts", alerts);
    this.#follow();
  }

  #follow() {
    const symbols = [...new Set(this.waiting.value().map(({ symbol }) => symbol))].sort();
    if (symbols.join() === this.#followed) return;
    this.#followed = symbols.join();
    this.#datafeed.unsubscribeQuotes(GUID);
    if (symbols.length) this.#datafeed.subscribeQuotes([], symbols, (quotes) => quotes.forEach((quote) => this.#quoted(quote)), GUID);
  }

  /** @param {QuoteData} quote */
  #quoted(quote) {
    if (quote.s !== "ok") return;
    const { lp } = quote.v;
    for (const alert of this.waiting.value()) {
      if (alert.symbol !== quote.n || !isReached(alert, lp)) continue;
      this.remove(alert);
      this.#onReached(alert, lp);
    }
  }
}
