// @ts-check
/** The order ticket: side, type, quantity and prices; the server's refusal stands beside the field it concerns. */
import { ApiError } from "../adapters/api-adapter.js";
import { ORDER_TYPE_NAMES, OrderStatus, OrderType, Side, hasLimitPrice, hasStopPrice, sideName } from "../lib/codes.js";
import { byId, h, setText } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { fieldOfError, fieldOfReason } from "./refusals.js";
import { View } from "./view.js";

/**
 * @import {PreOrder, Side as SideCode, OrderType as OrderTypeCode} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 * @import {OrderField} from "./refusals.js"
 */

/** @type {{type: OrderTypeCode, flag: "supportMarketOrders" | "supportLimitOrders" | "supportStopOrders" | "supportStopLimitOrders"}[]} */
const TYPES = [
  { type: OrderType.Market, flag: "supportMarketOrders" },
  { type: OrderType.Limit, flag: "supportLimitOrders" },
  { type: OrderType.Stop, flag: "supportStopOrders" },
  { type: OrderType.StopLimit, flag: "supportStopLimitOrders" },
];

export class TicketView extends View {
  #panel = byId("ticket");
  /** @type {HTMLFormElement} */
  #form = byId("ticket-form");
  /** @type {HTMLInputElement} */
  #qty = byId("ticket-qty");
  /** @type {HTMLInputElement} */
  #limit = byId("ticket-limit");
  /** @type {HTMLInputElement} */
  #stop = byId("ticket-stop");
  /** @type {HTMLButtonElement} */
  #submit = byId("ticket-submit");
  #symbol = "";
  /** Whether the prices of the symbol are still unknown to the form. */
  #awaitsQuote = false;
  /** Order that was sent last: its rejection belongs beside the field. */
  #sentId = "";

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const config = context.broker.config();
    const types = TYPES.filter(({ flag }) => config?.[flag]);
    byId("ticket-types").replaceChildren(...types.map(({ type }, index) => h("label", { class: "type" },
      h("input", { type: "radio", name: "type", value: type, checked: index === 0 }), h("span", {}, ORDER_TYPE_NAMES[type]))));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#form.addEventListener("input", () => {
      this.#clearErrors();
      this.#suggestPrices();
      this.dirty();
    });
  }

  opened() {
    const { state, instruments } = this.context;
    const follow = () => this.#followSymbol(state.symbol.value());
    state.symbol.subscribe(follow, { callWithLast: true });
    this.watch(state.realtime, state.orders, instruments);
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      this.#followSymbol("");
    });
  }

  /** @param {string} symbol */
  #followSymbol(symbol) {
    if (symbol === this.#symbol) return;
    if (this.#symbol) this.context.broker.unsubscribeRealtime(this.#symbol);
    this.#symbol = symbol;
    if (!symbol) return;
    this.context.broker.subscribeRealtime(symbol);
    this.#limit.value = this.#stop.value = "";
    this.#awaitsQuote = true;
    this.#clearErrors();
    this.dirty();
  }

  /** @returns {SideCode} */
  get #side() {
    return Number(new FormData(this.#form).get("side")) === Side.Sell ? Side.Sell : Side.Buy;
  }

  get #type() {
    return /** @type {OrderTypeCode} */ (Number(new FormData(this.#form).get("type")));
  }

  /**
   * Choose a side and put the cursor into the quantity.
   * @param {SideCode} side
   */
  choose(side) {
    const radio = /** @type {HTMLInputElement} */ (this.#form.querySelector(`input[name="side"][value="${side}"]`));
    radio.checked = true;
    this.#clearErrors();
    this.dirty();
    this.#qty.focus();
    this.#qty.select();
  }

  /** Fill empty price fields with the price of the moment, so that a trader only has to adjust it. */
  #suggestPrices() {
    const realtime = this.context.state.realtime.get(this.#symbol);
    if (!realtime) return;
    this.#awaitsQuote = false;
    const seen = this.#side === Side.Buy ? realtime.ask : realtime.bid;
    const suggestion = format.plain(seen, this.context.instruments.decimals(this.#symbol));
    if (hasLimitPrice(this.#type) && this.#limit.value === "" && document.activeElement !== this.#limit) this.#limit.value = suggestion;
    if (hasStopPrice(this.#type) && this.#stop.value === "" && document.activeElement !== this.#stop) this.#stop.value = suggestion;
  }

  paint() {
    if (this.#awaitsQuote) this.#suggestPrices();
    const { state, instruments } = this.context;
    const decimals = instruments.decimals(this.#symbol);
    const { bid, ask, spread } = state.realtime.get(this.#symbol) ?? {};
    const side = this.#side;
    setText(byId("ticket-symbol"), this.#symbol);
    setText(byId("ticket-bid"), format.price(bid, decimals));
    setText(byId("ticket-ask"), format.price(ask, decimals));
    setText(byId("ticket-spread"), format.price(spread, decimals));
    this.#panel.dataset.side = sideName(side).toLowerCase();
    this.#field("limitPrice").hidden = !hasLimitPrice(this.#type);
    this.#field("stopPrice").hidden = !hasStopPrice(this.#type);
    const amount = format.parseNumber(this.#qty.value);
    const words = [sideName(side), Number.isNaN(amount) ? "" : format.qty(amount), this.#symbol];
    setText(this.#submit, words.filter(Boolean).join(" "));
    this.#paintEstimate(amount, side === Side.Buy ? ask : bid);
    this.#showRejection();
  }

  /**
   * @param {number} amount
   * @param {number | undefined} market price at which a market order would fill
   */
  #paintEstimate(amount, market) {
    const typed = hasLimitPrice(this.#type) ? this.#limit : hasStopPrice(this.#type) ? this.#stop : null;
    const at = typed ? format.parseNumber(typed.value) : market;
    const value = at === undefined ? NaN : at * amount;
    const rate = this.context.instruments.get(this.#symbol)?.marginRate;
    const isMarginShown = Boolean(this.context.broker.config()?.supportMargin) && rate !== undefined;
    byId("ticket-margin-name").hidden = byId("ticket-margin").hidden = !isMarginShown;
    setText(byId("ticket-value"), format.money(value));
    setText(byId("ticket-margin"), format.money(value * (rate ?? 0)));
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLElement} */ (this.#form.querySelector(`[data-field="${name}"]`));
  }

  /** @returns {PreOrder | null} null when something is missing, which is said beside its field */
  #read() {
    const type = this.#type;
    const { bid, ask } = this.context.state.realtime.get(this.#symbol) ?? {};
    /** @type {PreOrder} */
    const order = { symbol: this.#symbol, type, side: this.#side, qty: format.parseNumber(this.#qty.value) };
    if (hasStopPrice(type)) order.stopPrice = format.parseNumber(this.#stop.value);
    if (hasLimitPrice(type)) order.limitPrice = format.parseNumber(this.#limit.value);
    if (bid !== undefined && ask !== undefined) {
      order.currentQuotes = { bid, ask };
      order.seenPrice = order.side === Side.Buy ? ask : bid;
    }
    for (const name of /** @type {const} */ (["qty", "stopPrice", "limitPrice"])) {
      if (Number.isNaN(order[name])) {
        this.#refuse(name, name === "qty" ? "Enter a quantity." : "Enter a price.");
        return null;
      }
    }
    return order;
  }

  async #send() {
    this.#clearErrors();
    const order = this.#read();
    if (!order) return;
    this.#submit.disabled = true;
    try {
      this.#sentId = (await this.context.broker.placeOrder(order)).orderId;
      this.dirty();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#refuse(fieldOfError(error), error.message);
    } finally {
      this.#submit.disabled = false;
    }
  }

  /** A well-formed order may still be rejected by market or account: that comes as an order update. */
  #showRejection() {
    const order = this.context.state.orders.get(this.#sentId);
    if (!order) return;
    if (order.status === OrderStatus.Rejected) {
      const text = order.message?.text ?? order.reason ?? "The order was rejected.";
      this.#refuse(fieldOfReason(order.reason ?? "", text), text);
    }
    this.#sentId = "";
  }

  /**
   * @param {OrderField} name
   * @param {string} text
   */
  #refuse(name, text) {
    const field = this.#form.querySelector(`[data-field="${name}"]:not([hidden])`);
    const message = /** @type {HTMLElement} */ (field?.querySelector(".field-error") ?? byId("ticket-error"));
    message.textContent = text;
    message.hidden = false;
    const input = field?.querySelector("input");
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
  }

  #clearErrors() {
    for (const message of this.#form.querySelectorAll(".field-error")) {
      message.textContent = "";
      /** @type {HTMLElement} */ (message).hidden = true;
    }
    for (const input of this.#form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }
}
