// @ts-check
/** Buttons below a table that has more rows than a page shows. */
import { h, setText } from "../lib/dom.js";

/** @import {Page} from "../lib/sorting.js" */

export class Pager {
  #range = h("span", { class: "numeric" });
  #before;
  #after;

  /**
   * @param {string} label of what is paged, e.g. "Watchlist"
   * @param {(step: -1 | 1) => void} turn
   */
  constructor(label, turn) {
    this.#before = h("button", { type: "button", class: "small", "aria-label": `${label}: previous page`, onclick: () => turn(-1) }, "‹");
    this.#after = h("button", { type: "button", class: "small", "aria-label": `${label}: next page`, onclick: () => turn(1) }, "›");
    this.element = h("p", { class: "pager", hidden: true }, this.#before, this.#range, this.#after);
  }

  /**
   * @param {Page} page
   * @param {number} items of all pages
   */
  show({ number, count, from, to }, items) {
    this.element.hidden = count < 2;
    this.#before.disabled = number === 0;
    this.#after.disabled = number === count - 1;
    setText(this.#range, `${from + 1} to ${to} of ${items}`);
  }
}
