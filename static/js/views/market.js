// @ts-check
/**
 * The market in the page's head: date, time and zone of market time, its speed, and whether the chosen symbol is traded.
 * The quote of the chosen symbol is followed here as long as the page lives, because several panels show its status.
 */
import { byId, setText } from "../lib/dom.js";
import { dateTime } from "../lib/format.js";
import { marketStatus } from "../lib/market-status.js";
import { View } from "./view.js";

/**
 * @import {MarketStatus} from "../lib/market-status.js"
 * @import {ClockState} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

const GUID = "chosen";
const SECOND_MS = 1000;

/**
 * @param {Context} context
 * @param {string} symbol
 * @returns {MarketStatus}
 */
export function statusOf({ instruments, state, clock }, symbol) {
  return marketStatus(instruments.get(symbol), state.quotes.get(symbol), clock.now());
}

/**
 * Show the status of the chosen symbol in a panel, unless it is traded as usual.
 * @param {HTMLElement} element
 * @param {MarketStatus} status
 */
export function showStatus(element, { phase, text }) {
  element.hidden = phase === "open";
  element.dataset.phase = phase;
  setText(element, text);
}

/**
 * @param {number} speed market seconds in one second
 * @param {ClockState | null} clock of a server that offers control
 */
function speedText(speed, clock) {
  if (clock?.status === "advancing") return "Advancing";
  return speed === 0 ? "Paused" : `×${speed}`;
}

export class MarketView extends View {
  #time = byId("market-time");
  #speed = byId("market-speed");
  #status = byId("market-status");

  opened() {
    const { state, clock, instruments, modules } = this.context;
    this.watch(clock, state.quotes, state.minute, state.symbol, instruments);
    const timer = setInterval(() => {
      state.minute.setValue(Math.floor(clock.now() / 60_000));
      this.dirty();
    }, SECOND_MS);
    this.whenClosed(() => clearInterval(timer));
    if (!modules.has("datafeed")) return;
    const follow = (/** @type {string} */ symbol) => this.#follow(symbol);
    state.symbol.subscribe(follow, { callWithLast: true });
    this.whenClosed(() => state.symbol.unsubscribe(follow));
  }

  /** @param {string} symbol */
  #follow(symbol) {
    const { datafeed, state } = this.context;
    datafeed.subscribeQuotes([], [symbol], (quotes) => quotes.forEach((quote) => state.quotes.put(quote.n, quote)), GUID);
  }

  paint() {
    const { clock, state, modules } = this.context;
    setText(this.#time, `${dateTime(clock.now())} UTC`);
    this.#speed.hidden = clock.speed === 1;
    setText(this.#speed, speedText(clock.speed, state.clock.value()));
    this.#status.hidden = !modules.has("datafeed");
    const { phase, text } = statusOf(this.context, state.symbol.value());
    this.#status.dataset.phase = phase;
    setText(this.#status, text);
  }
}
