// @ts-check
/** One row of the watchlist: name, sparkline, quote and change of a symbol. */
import { flash, h, setText, setTone } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { Sparkline } from "./sparkline.js";

/**
 * @import {MarketStatus} from "../lib/market-status.js"
 * @import {QuoteValues} from "../types/tradingview.js"
 */

/** One symbol's row; remembers the last price to know the direction of a tick. */
export class QuoteRow {
  isSeen = false;
  #last = NaN;
  #description = h("span", { class: "muted description" });
  #bid = h("span");
  #ask = h("span");
  #price = h("span", { class: "last" });
  #change = h("span", { class: "change" });
  #sparkline;

  /**
   * @param {string} symbol
   * @param {() => void} choose
   * @param {() => void} remove
   */
  constructor(symbol, choose, remove) {
    this.#sparkline = new Sparkline(symbol);
    this.button = h("button", { type: "button", class: "symbol" }, symbol);
    this.element = h("tr", { "data-symbol": symbol, draggable: "true", onclick: choose },
      h("th", { scope: "row" }, h("span", { class: "named" }, this.button, this.#sparkline.element), this.#description),
      h("td", { class: "number two" }, this.#bid, this.#ask),
      h("td", { class: "number two" }, this.#price, this.#change),
      h("td", {}, h("button", {
        type: "button", class: "remove", "aria-label": `Remove ${symbol} from the watchlist`,
        onclick: (/** @type {Event} */ event) => {
          event.stopPropagation();
          remove();
        },
      }, "×")));
  }

  /**
   * @param {QuoteValues} quote
   * @param {number} decimals
   * @param {MarketStatus} status takes the place of the description while the symbol is not traded as usual
   */
  write({ lp, bid, ask, chp, description }, decimals, { phase, short }) {
    setText(this.#description, phase === "open" ? description : short);
    if (this.element.dataset.phase !== phase) this.element.dataset.phase = phase;
    setText(this.#bid, format.price(bid, decimals));
    setText(this.#ask, format.price(ask, decimals));
    setText(this.#price, format.price(lp, decimals));
    setText(this.#change, format.percent(chp));
    setTone(this.#change, format.tone(chp));
    if (this.isSeen && lp > this.#last) flash(this.#price, "up");
    else if (this.isSeen && lp < this.#last) flash(this.#price, "down");
    this.#last = lp;
  }

  /**
   * Draw the course of the day up to the last price.
   * @param {number[] | undefined} closes of the day, oldest first; nothing is drawn without them
   * @param {QuoteValues} quote
   * @param {number} decimals
   */
  draw(closes, quote, decimals) {
    if (closes?.length) this.#sparkline.draw(closes, quote, decimals);
  }

  /** @param {string} reason why there is no quote */
  fail(reason) {
    setText(this.#description, reason);
    this.element.dataset.phase = "stale";
  }

  /** Whether it has shown no quote yet. */
  get isEmpty() {
    return Number.isNaN(this.#last);
  }

  /** @param {boolean} isChosen */
  mark(isChosen) {
    this.button.setAttribute("aria-pressed", String(isChosen));
    this.element.classList.toggle("chosen", isChosen);
  }
}
