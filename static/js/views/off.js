// @ts-check
/** Replacements of views whose module the server does not run. */
import { byId, h } from "../lib/dom.js";
import { View } from "./view.js";

/** @import {Context} from "./view.js" */

/** A market without a broker: no account, no orders. */
export function showBrokerOff() {
  const note = () => h("p", { class: "empty" }, "This server runs no broker: orders, positions and accounts are off. The market works.");
  for (const id of ["badge-broker", "summary", "tabs"]) byId(id).hidden = true;
  byId("account-switch").parentElement?.setAttribute("hidden", "");
  byId("ticket-form").replaceChildren(note());
  byId("manager-body").replaceChildren(note());
}

/** A broker without a market: no chart, no quotes, no search; the symbol to trade is typed. */
export class SymbolEntryView extends View {
  #error = h("p", { class: "field-error", id: "symbol-error", role: "alert", hidden: true });
  #input = h("input", {
    id: "symbol", required: true, autocomplete: "off", spellcheck: "false", "aria-describedby": "symbol-error",
  });

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const message = byId("chart-message");
    message.textContent = "This server runs no datafeed: chart, quotes and depth are off. Orders, positions and accounts work.";
    message.hidden = false;
    for (const id of ["chart-indicators-button", "chart-view-button", "chart-overlay"]) byId(id).hidden = true;
    this.#input.value = context.state.symbol.value();
    byId("chart-symbol").textContent = "No market";
    byId("watchlist-title").textContent = "Symbol";
    const form = h("form", { class: "symbol-entry" },
      h("label", { for: "symbol" }, "Symbol to trade"), this.#input, h("button", { class: "small" }, "Use"), this.#error);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#choose(this.#input.value.trim().toUpperCase());
    });
    byId("watchlist-body").replaceChildren(form);
  }

  focusSearch() {
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} symbol */
  async #choose(symbol) {
    const { tradable, reason } = await this.context.broker.isTradable(symbol);
    this.#error.textContent = tradable ? "" : reason ?? "Not tradable.";
    this.#error.hidden = tradable;
    if (tradable) this.context.state.symbol.setValue(symbol);
  }
}
