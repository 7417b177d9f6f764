// @ts-check
/** The picture of one symbol's course of the day. Its place is there before its line, so nothing moves. `sparklines.js` reads the courses. */
import * as format from "../lib/format.js";
import { setTone } from "../lib/dom.js";
import { HEIGHT, WIDTH, sparklinePath } from "../lib/sparkline.js";

/** @import {QuoteValues} from "../types/tradingview.js" */

const SVG = "http://www.w3.org/2000/svg";

export class Sparkline {
  element = document.createElementNS(SVG, "svg");
  #path = document.createElementNS(SVG, "path");
  /** Course that the name describes. @type {number[] | null} */
  #described = null;
  #symbol;

  /** @param {string} symbol */
  constructor(symbol) {
    this.#symbol = symbol;
    this.element.setAttribute("class", "sparkline");
    this.element.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.element.append(this.#path);
  }

  /**
   * Draw a course from the close of the day before to the last price.
   * @param {number[]} closes of the day, oldest first; the last price takes the place of the newest one
   * @param {QuoteValues} quote
   * @param {number} decimals
   */
  draw(closes, { lp, prev_close_price: before, chp }, decimals) {
    const prices = [before, ...closes.slice(0, -1), lp];
    const path = sparklinePath(prices);
    if (this.#path.getAttribute("d") !== path) this.#path.setAttribute("d", path);
    setTone(this.element, format.tone(chp));
    if (closes === this.#described) return;
    this.#described = closes;
    const [low, high] = [Math.min(...prices), Math.max(...prices)].map((price) => format.price(price, decimals));
    this.element.setAttribute("role", "img");
    this.element.setAttribute("aria-label", `${this.#symbol} today: ${low} to ${high}`);
    this.element.removeAttribute("aria-hidden");
  }
}
