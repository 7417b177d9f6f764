// @ts-check
/**
 * The fields of the order ticket: which ones an order of this type has, the order that they make, and the refusals of single
 * fields. A price that the trader did not type follows the market.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {OrderField} from "./refusals.js"
 * @import {Proposal} from "./ticket-prices.js"
 * @import {KeptSize} from "./ticket-size.js"
 */
import { ORDER_TYPE_NAMES, OrderType, Side, hasLimitPrice, hasStopPrice } from "../lib/codes.js";
import { byId, h } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { pointValueOf } from "../lib/order-size.js";
import { TicketSize } from "./ticket-size.js";

/** @typedef {{order: TV.PreOrder | null, missing: {field: OrderField, text: string} | null}} Reading */

/** @type {{type: TV.OrderType, flag: keyof TV.BrokerConfigFlags}[]} */
const TYPES = [
  { type: OrderType.Market, flag: "supportMarketOrders" },
  { type: OrderType.Limit, flag: "supportLimitOrders" },
  { type: OrderType.Stop, flag: "supportStopOrders" },
  { type: OrderType.StopLimit, flag: "supportStopLimitOrders" },
];

/** @type {{name: "stopLoss" | "trailingStopPips" | "guaranteedStop", text: string, flag: keyof TV.BrokerConfigFlags}[]} */
const STOPS = [
  { name: "stopLoss", text: "Stop loss", flag: "supportOrderBrackets" },
  { name: "trailingStopPips", text: "Trail (pips)", flag: "supportTrailingStop" },
  { name: "guaranteedStop", text: "Guaranteed", flag: "supportGuaranteedStop" },
];

const NEEDS_DATE = "NEEDS_DATE";

export class TicketForm {
  /** @type {HTMLFormElement} */
  #form = byId("ticket-form");
  #size = new TicketSize();
  /** @type {HTMLInputElement} */
  #limit = byId("ticket-limit");
  /** @type {HTMLInputElement} */
  #stop = byId("ticket-stop");
  /** @type {HTMLInputElement} */
  #takeProfit = byId("ticket-take-profit");
  /** @type {HTMLSelectElement} */
  #stopKind = byId("ticket-stop-kind");
  /** @type {HTMLInputElement} */
  #protect = byId("ticket-protect");
  /** @type {HTMLSelectElement} */
  #duration = byId("ticket-duration");
  /** @type {HTMLInputElement} */
  #until = byId("ticket-until");
  #config;
  /** @type {TV.OrderDurationMetaInfo[]} */
  #durations = [];
  #offered = "";
  /** Price fields that the trader has typed in. @type {Set<HTMLInputElement>} */
  #typed = new Set();

  /** @param {TV.BrokerConfigFlags} config */
  constructor(config) {
    this.#config = config;
    const types = TYPES.filter(({ flag }) => config[flag]);
    byId("ticket-types").replaceChildren(...types.map(({ type }, index) => h("label", { class: "type" },
      h("input", { type: "radio", name: "type", value: type, checked: index === 0 }), h("span", {}, ORDER_TYPE_NAMES[type]))));
    this.#stopKind.replaceChildren(...STOPS.filter(({ flag }) => config[flag]).map(({ name, text }) => h("option", { value: name }, text)));
    this.#durations = config.durations ?? [];
    for (const input of [this.#limit, this.#stop]) input.addEventListener("input", () => this.#typed.add(input));
    for (const input of this.#form.querySelectorAll('input[name="side"]')) input.addEventListener("input", () => this.sideChanged());
    for (const input of this.#form.querySelectorAll('input[name="type"]')) input.addEventListener("input", () => this.#clearBrackets());
    this.adapt();
  }

  /** @returns {TV.Side} */
  get side() {
    return this.#chosen("side") === Side.Sell ? Side.Sell : Side.Buy;
  }

  /** @param {TV.Side} side */
  set side(side) {
    if (side !== this.side) this.sideChanged();
    /** @type {HTMLInputElement} */ (this.#form.querySelector(`input[name="side"][value="${side}"]`)).checked = true;
  }

  get type() {
    return /** @type {TV.OrderType} */ (this.#chosen("type"));
  }

  /** @param {string} name of a group of radio buttons */
  #chosen(name) {
    return Number(/** @type {HTMLInputElement | null} */ (this.#form.querySelector(`input[name="${name}"]:checked`))?.value);
  }

  /** @param {TV.OrderType} type */
  set type(type) {
    const radio = this.#form.querySelector(`input[name="type"][value="${type}"]`);
    if (radio instanceof HTMLInputElement) radio.checked = true;
  }

  get qty() {
    return this.#size.qty;
  }

  /** @returns {KeptSize} */
  get size() {
    return this.#size.kept;
  }

  /** @param {KeptSize} size */
  set size(size) {
    this.#size.restore(size);
  }

  /**
   * Tell the facts that a size in money, equity or risk becomes a quantity by.
   * @param {TV.InstrumentInfo | undefined} info
   * @param {number | undefined} equity
   * @param {TV.Realtime} seen
   */
  learn(info, equity, { bid, ask }) {
    const type = this.type;
    const market = this.side === Side.Buy ? ask : bid;
    const typed = hasLimitPrice(type) ? this.#limit : hasStopPrice(type) ? this.#stop : null;
    const price = typed ? format.parseNumber(typed.value) : market;
    this.#size.follow({ price, equity, stopDistance: this.#stopDistance(price, info), pointValue: info && pointValueOf(info), step: info?.qty.step });
  }

  /**
   * @param {number | undefined} price
   * @param {TV.InstrumentInfo | undefined} info
   * @returns {number | undefined} from the price of the order to its protective stop
   */
  #stopDistance(price = NaN, info) {
    const protect = format.parseNumber(this.#protect.value);
    if (Number.isNaN(protect) || byId("ticket-stop-field").hidden) return undefined;
    return this.#stopKind.value === "trailingStopPips" ? protect * (info?.pipSize ?? NaN) : Math.abs(price - protect);
  }

  /** The stop price that the trader typed; undefined while it follows the market. */
  get typedStop() {
    const stop = format.parseNumber(this.#stop.value);
    return this.#typed.has(this.#stop) && !Number.isNaN(stop) ? stop : undefined;
  }

  /** @param {string} price of a limit order, chosen by the trader */
  set limitPrice(price) {
    this.#limit.value = price;
    this.#typed.add(this.#limit);
  }

  focusQty() {
    this.#size.focus();
  }

  /** Forget all prices: those of another symbol, or of an order that was sent. */
  clearPrices() {
    this.#typed.clear();
    for (const input of [this.#limit, this.#stop]) input.value = "";
    this.#clearBrackets();
  }

  /** Prices of one side are wrong for the other. */
  sideChanged() {
    this.clearPrices();
  }

  #clearBrackets() {
    for (const input of [this.#takeProfit, this.#protect]) input.value = "";
  }

  /**
   * Write the proposed prices into the fields that the trader has not typed in.
   * @param {Proposal} proposal
   * @param {number} decimals
   */
  propose({ limitPrice, stopPrice }, decimals) {
    for (const [input, price] of /** @type {const} */ ([[this.#limit, limitPrice], [this.#stop, stopPrice]])) {
      if (price === undefined || this.#typed.has(input) || document.activeElement === input) continue;
      const text = format.plain(price, decimals);
      if (input.value !== text) input.value = text;
    }
  }

  /** Show the fields that an order of this type has. */
  adapt() {
    const type = this.type;
    const hasBrackets = Boolean(type === OrderType.Market ? this.#config.supportMarketBrackets : this.#config.supportOrderBrackets);
    this.#field("limitPrice").hidden = !hasLimitPrice(type);
    this.#field("stopPrice").hidden = !hasStopPrice(type);
    this.#field("takeProfit").hidden = byId("ticket-stop-field").hidden = !hasBrackets;
    byId("ticket-stop-field").dataset.field = this.#stopKind.value || "stopLoss";
    this.#protect.setAttribute("aria-label", STOPS.find(({ name }) => name === this.#stopKind.value)?.text ?? "Stop loss");
    this.#field("postOnly").hidden = type !== OrderType.Limit;
    this.#offerDurations(type);
    const needsDate = this.#hasDate();
    byId("ticket-until").hidden = byId("ticket-until-name").hidden = !needsDate;
  }

  /** @param {TV.OrderType} type */
  #offerDurations(type) {
    const offered = this.#durations.filter(({ supportedOrderTypes: types }) => !types || types.includes(type));
    const key = offered.map(({ value }) => value).join();
    this.#field("duration").hidden = offered.length === 0;
    if (key === this.#offered) return;
    this.#offered = key;
    const chosen = offered.find(({ value }) => value === this.#duration.value) ?? offered.find((one) => one.default) ?? offered[0];
    this.#duration.replaceChildren(...offered.map(({ name, value }) => h("option", { value, selected: value === chosen.value }, name)));
  }

  #hasDate() {
    return Boolean(this.#durations.find(({ value }) => value === this.#duration.value)?.hasDatePicker);
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLElement} */ (this.#form.querySelector(`[data-field="${name}"]`));
  }

  /**
   * @param {string} symbol
   * @param {TV.Realtime} seen
   * @returns {Reading} the order, or what is missing for one
   */
  read(symbol, { bid, ask }) {
    const type = this.type;
    /** @type {TV.PreOrder} */
    const order = { symbol, type, side: this.side, qty: this.qty };
    if (hasStopPrice(type)) order.stopPrice = format.parseNumber(this.#stop.value);
    if (hasLimitPrice(type)) order.limitPrice = format.parseNumber(this.#limit.value);
    if (!this.#field("takeProfit").hidden) this.#readBrackets(order);
    const duration = this.#readDuration();
    if (duration) order.duration = duration === NEEDS_DATE ? undefined : duration;
    if (this.#isChecked("postOnly")) order.postOnly = true;
    if (this.#isChecked("isClose")) order.isClose = true;
    if (bid !== undefined && ask !== undefined) {
      order.currentQuotes = { bid, ask };
      order.seenPrice = order.side === Side.Buy ? ask : bid;
    }
    const missing = this.#missingIn(order, duration === NEEDS_DATE);
    return missing ? { order: null, missing } : { order, missing: null };
  }

  /** @param {TV.PreOrder} order */
  #readBrackets(order) {
    if (this.#takeProfit.value.trim()) order.takeProfit = format.parseNumber(this.#takeProfit.value);
    const kind = STOPS.find(({ name }) => name === this.#stopKind.value)?.name;
    if (kind && this.#protect.value.trim()) order[kind] = format.parseNumber(this.#protect.value);
  }

  /** @returns {TV.OrderDuration | null | typeof NEEDS_DATE} null: the broker's default */
  #readDuration() {
    if (!this.#duration.value) return null;
    if (!this.#hasDate()) return { type: this.#duration.value };
    const datetime = Date.parse(`${this.#until.value}Z`);
    return Number.isNaN(datetime) ? NEEDS_DATE : { type: this.#duration.value, datetime };
  }

  /** @param {string} name */
  #isChecked(name) {
    const box = this.#field(name);
    return !box.hidden && Boolean(/** @type {HTMLInputElement} */ (box.querySelector("input")).checked);
  }

  /**
   * @param {TV.PreOrder} order
   * @param {boolean} needsDate
   * @returns {Reading["missing"]}
   */
  #missingIn(order, needsDate) {
    const text = this.#size.missing;
    if (text) return { field: "qty", text };
    if (Number.isNaN(order.qty)) return { field: "qty", text: "Enter a quantity." };
    if (order.qty <= 0) return { field: "qty", text: "Quantity must be above zero." };
    const prices = /** @type {const} */ ([
      "stopPrice", "limitPrice", "takeProfit", "stopLoss", "trailingStopPips", "guaranteedStop",
    ]);
    const field = prices.find((name) => Number.isNaN(order[name]));
    if (field) return { field, text: field === "trailingStopPips" ? "Enter a distance in pips." : "Enter a price." };
    return needsDate ? { field: "duration", text: "Enter a date and time." } : null;
  }

  /**
   * Mark a field and write what is wrong with it; the messages of all fields have one place above the button.
   * @param {OrderField} name
   * @param {string} text
   * @param {boolean} [takesFocus]
   */
  refuse(name, text, takesFocus = true) {
    const field = this.#form.querySelector(`[data-field="${name}"]:not([hidden])`);
    const input = field?.querySelector("input") ?? field?.querySelector("select");
    const id = input?.getAttribute("aria-describedby")?.split(" ").at(-1);
    const message = byId(id ?? "ticket-error");
    if (message.textContent !== text) message.textContent = text;
    message.hidden = false;
    input?.setAttribute("aria-invalid", "true");
    if (takesFocus && input instanceof HTMLElement) input.focus();
  }

  clearErrors() {
    for (const message of this.#form.querySelectorAll(".field-error")) {
      message.textContent = "";
      /** @type {HTMLElement} */ (message).hidden = true;
    }
    for (const input of this.#form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }
}
