// @ts-check
/**
 * The size of the ticket's order: a number, its unit, and buttons for more and less. The size of each symbol is kept.
 *
 * @import {SizeFacts, SizeUnit} from "../lib/order-size.js"
 */
import { byId, h } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { SIZE_UNITS, missingForSize, quantityOf, steppedSize } from "../lib/order-size.js";

/** @typedef {{unit: string, value: string}} KeptSize */

/** Symbols whose sizes are kept, the last used ones. */
const KEPT_SYMBOLS = 200;

/**
 * @param {Record<string, KeptSize>} sizes by symbol
 * @param {string} symbol
 * @param {KeptSize} size
 * @returns {Record<string, KeptSize>}
 */
export function withSize(sizes, symbol, size) {
  const { [symbol]: _, ...others } = sizes;
  return Object.fromEntries([...Object.entries(others), [symbol, size]].slice(-KEPT_SYMBOLS));
}

export class TicketSize {
  /** @type {HTMLInputElement} */
  #value = byId("ticket-qty");
  /** @type {HTMLSelectElement} */
  #unit = byId("ticket-unit");
  /** @type {SizeFacts} */
  #facts = {};

  constructor() {
    this.#unit.replaceChildren(...SIZE_UNITS.map(([value, name, title]) => h("option", { value, title }, name)));
    byId("ticket-less").addEventListener("click", () => this.#step(-1));
    byId("ticket-more").addEventListener("click", () => this.#step(1));
    this.#value.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      this.#step(event.key === "ArrowUp" ? 1 : -1);
    });
  }

  /** @returns {SizeUnit} */
  get unit() {
    return /** @type {SizeUnit} */ (this.#unit.value);
  }

  get #number() {
    return format.parseNumber(this.#value.value);
  }

  /** Quantity of the order; NaN while it cannot be computed. */
  get qty() {
    return quantityOf(this.unit, this.#number, this.#facts);
  }

  /** Why there is no quantity; empty when there is one, or when the number itself is wrong. */
  get missing() {
    return missingForSize(this.unit, this.#number, this.#facts);
  }

  /** @returns {KeptSize} */
  get kept() {
    return { unit: this.unit, value: this.#value.value };
  }

  /** @param {KeptSize} size */
  restore({ unit, value }) {
    this.#unit.value = SIZE_UNITS.some(([known]) => known === unit) ? unit : "units";
    this.#value.value = value;
  }

  /** @param {SizeFacts} facts that the quantity follows from */
  follow(facts) {
    this.#facts = facts;
  }

  focus() {
    this.#value.focus();
    this.#value.select();
  }

  /** @param {1 | -1} direction */
  #step(direction) {
    this.#value.value = format.plain(steppedSize(this.unit, this.#number, direction, this.#facts.step));
    this.#value.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
