// @ts-check
/** The figures of an account's money, as the page's head and the account panel show them. */
import { h, setText, setTone } from "../lib/dom.js";
import { money, signed, tone } from "../lib/format.js";

/** @import {Money} from "../types/tradingview.js" */
/** @import {Context} from "./view.js" */

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} key for tests and styles
 * @property {(money: Money) => number} value
 * @property {boolean} [isGain] signed and coloured
 * @property {boolean} [isMargin]
 */

/** @type {Figure[]} */
const FIGURES = [
  { name: "Equity", key: "equity", value: (m) => m.equity },
  { name: "Balance", key: "balance", value: (m) => m.balance },
  { name: "Open P/L", key: "unrealizedPL", value: (m) => m.unrealizedPL, isGain: true },
  { name: "Realized P/L", key: "realizedPL", value: (m) => m.realizedPL, isGain: true },
  { name: "Commission", key: "commission", value: (m) => m.commission },
  { name: "Margin used", key: "marginUsed", value: (m) => m.marginUsed, isMargin: true },
  { name: "Margin free", key: "marginAvailable", value: (m) => m.marginAvailable, isMargin: true },
];

/** A list of figures that is written in place. */
export class Figures {
  /** @type {[Figure, HTMLElement][]} */
  #cells;

  /**
   * @param {HTMLElement} root
   * @param {Figure[]} figures
   */
  constructor(root, figures) {
    this.#cells = figures.map((figure) => [figure, h("dd", { class: "numeric", "data-figure": figure.key }, "–")]);
    root.replaceChildren(...this.#cells.map(([{ name }, cell]) => h("div", { class: "figure" }, h("dt", {}, name), cell)));
  }

  /** @param {Money} account */
  write(account) {
    for (const [{ value, isGain }, cell] of this.#cells) {
      setText(cell, isGain ? signed(value(account)) : money(value(account)));
      if (isGain) setTone(cell, tone(value(account)));
    }
  }
}

/**
 * The figures that the broker has.
 * @param {Context} context
 */
export function offered({ broker }) {
  return FIGURES.filter(({ isMargin }) => !isMargin || broker.config()?.supportMargin);
}
