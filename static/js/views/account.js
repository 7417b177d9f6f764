// @ts-check
/** The account: its money in the page's head and in a panel with every figure, the switcher, and accounts created and reset. */
import { byId, h, setText, setTone } from "../lib/dom.js";
import { money, price, signed, tone } from "../lib/format.js";
import { RowForm } from "./row-form.js";
import { View } from "./view.js";

/** @import {Money} from "../types/tradingview.js" */
/** @import {Context} from "./view.js" */
/** @import {RowFormOptions} from "./row-form.js" */

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

/**
 * Margin in use as a part of the equity; above 1 in a margin call.
 * @param {Money} account
 */
export function marginShare({ equity, marginUsed }) {
  if (marginUsed === 0) return 0;
  return equity > 0 ? marginUsed / equity : Infinity;
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
    if (!account) return;
    this.#figures?.write(account);
    byId("badge-margin").hidden = !account.message;
    byId("badge-margin").title = account.message?.text ?? "";
  }
}

export class AccountView extends View {
  /** @type {Figures | null} */
  #figures = null;
  #title = h("p", { class: "account-title" });
  #warning = h("p", { class: "account-warning", role: "status", hidden: true });
  #meter = h("meter", { class: "margin-meter", min: 0, max: 1, low: 0.5, high: 0.8, optimum: 0, "aria-label": "Margin in use" });
  #share = h("span", { class: "numeric muted" });
  #form = h("div");
  #reset = h("button", { type: "button", class: "small", onclick: () => this.#show(this.#resetForm()) }, "Reset account");
  #create = h("button", { type: "button", class: "small", onclick: () => this.#show(this.#createForm()) }, "New account");

  opened() {
    this.#figures ??= this.#build();
    this.watch(this.context.state.money, this.context.state.account, this.context.state.accounts);
    this.context.broker.subscribeEquity();
    this.whenClosed(() => this.context.broker.unsubscribeEquity());
  }

  #build() {
    const list = h("dl", { class: "figures" });
    const head = h("div", { class: "account-head" }, this.#title, this.#create, this.#reset);
    const margin = this.context.broker.config()?.supportMargin && h("p", { class: "margin" }, "Margin in use", this.#meter, this.#share);
    byId("account").replaceChildren(...[head, this.#form, this.#warning, list, margin].filter((child) => child instanceof Node));
    return new Figures(list, offered(this.context));
  }

  /** @param {RowFormOptions} options */
  #show(options) {
    const form = new RowForm(options);
    this.#form.replaceChildren(form.element);
    form.focus();
  }

  /** @returns {RowFormOptions} */
  #createForm() {
    const { broker, host } = this.context;
    return {
      label: "New account",
      fields: [
        { name: "name", label: "Name", value: "Paper account", isText: true },
        { name: "balance", label: "Balance (USD)", value: "100000" },
      ],
      confirm: "Create and use",
      submit: async ({ name, balance }) => {
        const { id } = await broker.createAccount({ name, balance });
        await host.readAccounts();
        broker.setCurrentAccount(id);
      },
      close: () => this.#dismiss(this.#create),
    };
  }

  /** @returns {RowFormOptions} */
  #resetForm() {
    return {
      label: "Reset account",
      fields: [{ name: "balance", label: "Balance (USD)", value: "", isOptional: true }],
      confirm: "Cancel and close everything, start anew",
      submit: ({ balance }) => this.context.broker.resetAccount(balance),
      close: () => this.#dismiss(this.#reset),
    };
  }

  /** @param {HTMLElement} opener takes the focus back */
  #dismiss(opener) {
    this.#form.replaceChildren();
    opener.focus();
  }

  paint() {
    const { state } = this.context;
    const id = state.account.value();
    const name = state.accounts.value().find((account) => account.id === id)?.name;
    setText(this.#title, name ? `${name} · ${id}` : id);
    const account = state.money.value();
    if (!account) return;
    this.#figures?.write(account);
    this.#warning.hidden = !account.message;
    setText(this.#warning, account.message?.text ?? "");
    const share = marginShare(account);
    this.#meter.value = Math.min(1, share);
    setText(this.#share, Number.isFinite(share) ? `${price(share * 100, 1)} %` : "no equity");
  }
}

/** The account switcher in the page's head. */
export class AccountSwitchView extends View {
  /** @type {HTMLSelectElement} */
  #select = byId("account-switch");
  #shown = "";

  /** @param {Context} context */
  constructor(context) {
    super(context);
    this.#select.addEventListener("change", () => context.broker.setCurrentAccount(this.#select.value));
  }

  opened() {
    this.watch(this.context.state.accounts, this.context.state.account);
  }

  paint() {
    const { accounts, account } = this.context.state;
    const key = accounts.value().map(({ id, name }) => `${id} ${name}`).join("\n");
    if (key !== this.#shown) {
      this.#shown = key;
      const names = accounts.value().map(({ name }) => name);
      const isAlone = (/** @type {string} */ name) => names.indexOf(name) === names.lastIndexOf(name);
      this.#select.replaceChildren(...accounts.value().map(({ id, name }) =>
        h("option", { value: id, title: id }, isAlone(name) ? name : `${name} (${id})`)));
    }
    this.#select.disabled = accounts.value().length < 2;
    this.#select.value = account.value();
  }
}
