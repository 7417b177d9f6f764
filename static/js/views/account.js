// @ts-check
/** The account panel: every figure of the account's money, and accounts created and reset. */
import { byId, h, setText } from "../lib/dom.js";
import { price } from "../lib/format.js";
import { Figures, offered } from "./account-figures.js";
import { RowForm } from "./row-form.js";
import { View } from "./view.js";

/** @import {Money} from "../types/tradingview.js" */
/** @import {RowFormOptions} from "./row-form.js" */

/**
 * Margin in use as a part of the equity; above 1 in a margin call.
 * @param {Money} account
 */
export function marginShare({ equity, marginUsed }) {
  if (marginUsed === 0) return 0;
  return equity > 0 ? marginUsed / equity : Infinity;
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
