// @ts-check
/** The account's money: a strip in the page's head, and a panel with every figure and the margin in use. */
import { byId, h, setText, setTone } from "../lib/dom.js";
import { money, signed, tone } from "../lib/format.js";
import { View } from "./view.js";

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
  { name: "Realised P/L", key: "realizedPL", value: (m) => m.realizedPL, isGain: true },
  { name: "Commission", key: "commission", value: (m) => m.commission },
  { name: "Margin used", key: "marginUsed", value: (m) => m.marginUsed, isMargin: true },
  { name: "Margin free", key: "marginAvailable", value: (m) => m.marginAvailable, isMargin: true },
];

const STRIP = new Set(["equity", "balance", "unrealizedPL", "marginUsed", "marginAvailable"]);

/** A list of figures that is written in place. */
class Figures {
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

/** @param {Context} context */
function offered({ broker }) {
  return FIGURES.filter(({ isMargin }) => !isMargin || broker.config()?.supportMargin);
}

export class SummaryView extends View {
  /** @type {Figures | null} */
  #figures = null;

  opened() {
    this.#figures ??= new Figures(byId("summary"), offered(this.context).filter(({ key }) => STRIP.has(key)));
    this.watch(this.context.state.money);
    this.context.broker.subscribeEquity();
    this.whenClosed(() => this.context.broker.unsubscribeEquity());
  }

  paint() {
    const account = this.context.state.money.value();
    if (account) this.#figures?.write(account);
  }
}

export class AccountView extends View {
  /** @type {Figures | null} */
  #figures = null;
  #meter = h("meter", { class: "margin-meter", min: 0, max: 1, low: 0.5, high: 0.8, optimum: 0, "aria-label": "Margin in use" });
  #share = h("span", { class: "numeric muted" });

  opened() {
    this.#figures ??= this.#build();
    this.watch(this.context.state.money);
    this.context.broker.subscribeEquity();
    this.whenClosed(() => this.context.broker.unsubscribeEquity());
  }

  #build() {
    const list = h("dl", { class: "figures" });
    const margin = this.context.broker.config()?.supportMargin && h("p", { class: "margin" }, "Margin in use", this.#meter, this.#share);
    const title = h("p", { class: "account-title muted" }, this.context.broker.currentAccount());
    byId("account").replaceChildren(...[title, list, margin].filter((child) => child instanceof Node));
    return new Figures(list, offered(this.context));
  }

  paint() {
    const account = this.context.state.money.value();
    if (!account) return;
    this.#figures?.write(account);
    const share = account.equity > 0 ? Math.min(1, account.marginUsed / account.equity) : 1;
    this.#meter.value = share;
    setText(this.#share, `${(share * 100).toFixed(1)} %`);
  }
}
