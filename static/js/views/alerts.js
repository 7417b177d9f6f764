// @ts-check
/** The price alerts: a form for the chosen symbol, and the alerts that wait. */
import { byId, h, setText } from "../lib/dom.js";
import { parseNumber, plain, price } from "../lib/format.js";
import { askForNotifications } from "./alarm.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {Alert} from "../services/alert-service.js"
 * @import {Context} from "./view.js"
 */

export class AlertsView extends View {
  /** @type {Table<Alert>} */
  #table;
  #symbol = h("strong");
  #price = h("input", { class: "numeric", inputmode: "decimal", "aria-label": "Price of the alert", "aria-describedby": "alert-error" });
  #error = h("p", { class: "field-error", id: "alert-error", role: "alert" });

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const body = h("div");
    byId("alerts").replaceChildren(h("form", { class: "row-form alert-form", "aria-label": "New alert", onsubmit: (/** @type {Event} */ event) => this.#add(event) },
      h("label", {}, "When ", this.#symbol, " reaches", this.#price), h("button", { class: "small" }, "Add alert"), this.#error), body);
    this.#table = new Table(body, {
      label: "Alerts",
      empty: "No alerts are waiting.",
      keyOf: ({ symbol, price: value, direction }) => `${symbol} ${direction} ${value}`,
      columns: [
        { title: "Symbol", text: ({ symbol }) => symbol, width: 80 },
        { title: "When", text: ({ direction }) => (direction === "above" ? "rises to" : "falls to"), width: 80 },
        { title: "Price", text: (alert) => price(alert.price, context.instruments.decimals(alert.symbol)), value: (alert) => alert.price, isNumber: true },
        { title: "Last", text: ({ symbol }) => price(this.#lastOf(symbol), context.instruments.decimals(symbol)), isNumber: true },
      ],
      actions: [{ name: "Remove", label: ({ symbol, price: value }) => `Remove the alert of ${symbol} at ${value}`, run: (alert) => context.alerts.remove(alert) }],
      choose: ({ symbol }) => context.state.symbol.setValue(symbol),
    });
  }

  opened() {
    const { state, alerts, instruments } = this.context;
    this.watch(alerts.waiting, state.symbol, state.quotes, instruments);
  }

  /** @param {string} symbol */
  #lastOf(symbol) {
    const quote = this.context.state.quotes.get(symbol);
    return quote?.s === "ok" ? quote.v.lp : undefined;
  }

  paint() {
    const symbol = this.context.state.symbol.value();
    setText(this.#symbol, symbol);
    this.#price.placeholder = plain(this.#lastOf(symbol), this.context.instruments.decimals(symbol));
    this.#table.render([...this.context.alerts.waiting.value()]);
  }

  /** @param {Event} event */
  #add(event) {
    event.preventDefault();
    const symbol = this.context.state.symbol.value();
    const last = this.#lastOf(symbol);
    const refused = last === undefined ? "There is no price yet." : this.context.alerts.add(symbol, parseNumber(this.#price.value), last);
    setText(this.#error, refused);
    if (refused) return;
    this.#price.value = "";
    askForNotifications();
  }
}
