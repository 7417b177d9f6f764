// @ts-check
/** The account in the page's head: its money, and the switcher. `account.js` has the panel with every figure. */
import { byId, h } from "../lib/dom.js";
import { Figures, offered } from "./account-figures.js";
import { View } from "./view.js";

/** @import {Context} from "./view.js" */

const STRIP = new Set(["equity", "balance", "unrealizedPL", "marginUsed", "marginAvailable"]);

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
