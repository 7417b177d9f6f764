// @ts-check
/**
 * The order ticket: its fields, the live preview of what the order would cost, the leverage, and the button that sends it. The
 * server's refusal stands beside the field it concerns.
 */
import { ApiError } from "../adapters/api-adapter.js";
import { OrderStatus, OrderType, Side, sideName } from "../lib/codes.js";
import { byId, setText } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { Leverage } from "./leverage.js";
import { Preview } from "./preview.js";
import { fieldOfError, fieldOfReason } from "./refusals.js";
import { TicketForm } from "./ticket-form.js";
import { View } from "./view.js";

/**
 * @import {BrokerConfigFlags, Side as SideCode} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

export class TicketView extends View {
  #panel = byId("ticket");
  #form;
  #preview;
  #leverage;
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
    const { broker } = context;
    const config = /** @type {BrokerConfigFlags} */ (broker.config());
    this.#form = new TicketForm(config);
    this.#preview = config.supportPlaceOrderPreview ? new Preview(
      (order) => broker.previewOrder(order),
      () => this.#read().order,
      (errors) => {
        this.#form.clearErrors();
        for (const { field, text } of errors) this.#form.refuse(field, text, false);
      },
    ) : null;
    this.#leverage = new Leverage(context, () => this.#preview?.changed());
    const form = byId("ticket-form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener("input", () => this.#edited());
  }

  #edited() {
    this.#form.clearErrors();
    this.#form.adapt();
    this.#suggestPrices();
    this.#preview?.changed();
    this.dirty();
  }

  opened() {
    const { state, instruments } = this.context;
    const follow = () => this.#followSymbol(state.symbol.value());
    const followAccount = () => this.#showLeverage();
    state.symbol.subscribe(follow, { callWithLast: true });
    state.account.subscribe(followAccount);
    this.watch(state.realtime, state.orders, instruments);
    this.#preview?.open();
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      state.account.unsubscribe(followAccount);
      this.#preview?.close();
      this.#followSymbol("");
    });
  }

  /** @param {string} symbol */
  #followSymbol(symbol) {
    if (symbol === this.#symbol) return;
    const { broker, modules } = this.context;
    const hasQuotes = modules.has("datafeed");
    if (this.#symbol && hasQuotes) broker.unsubscribeRealtime(this.#symbol);
    this.#symbol = symbol;
    this.#showLeverage();
    if (!symbol) return;
    if (hasQuotes) broker.subscribeRealtime(symbol);
    this.#form.clearPrices();
    this.#form.clearErrors();
    this.#awaitsQuote = true;
    this.#preview?.changed();
    this.dirty();
  }

  #showLeverage() {
    const symbol = this.#symbol;
    this.#leverage.show(symbol ? { symbol, orderType: this.#form.type, side: this.#form.side } : null);
    this.#preview?.changed();
  }

  /**
   * Choose a side and put the cursor into the quantity.
   * @param {SideCode} side
   */
  choose(side) {
    this.#form.side = side;
    this.#edited();
    this.#form.focusQty();
  }

  /**
   * Prepare a limit order.
   * @param {number} price
   * @param {SideCode} side
   */
  prepareLimit(price, side) {
    this.#form.type = OrderType.Limit;
    this.#form.limitPrice = price;
    this.choose(side);
  }

  get #seen() {
    return this.context.state.realtime.get(this.#symbol) ?? {};
  }

  #suggestPrices() {
    const { bid, ask } = this.#seen;
    const seen = this.#form.side === Side.Buy ? ask : bid;
    if (seen === undefined || !this.context.instruments.get(this.#symbol)) return;
    this.#awaitsQuote = false;
    this.#form.suggest(format.plain(seen, this.context.instruments.decimals(this.#symbol)));
  }

  paint() {
    if (this.#awaitsQuote) this.#suggestPrices();
    const decimals = this.context.instruments.decimals(this.#symbol);
    const { bid, ask, spread } = this.#seen;
    const side = sideName(this.#form.side);
    setText(byId("ticket-symbol"), this.#symbol);
    setText(byId("ticket-bid"), format.price(bid, decimals));
    setText(byId("ticket-ask"), format.price(ask, decimals));
    setText(byId("ticket-spread"), format.price(spread, decimals));
    this.#panel.dataset.side = side.toLowerCase();
    const amount = this.#form.qty;
    setText(this.#submit, [side, Number.isNaN(amount) ? "" : format.qty(amount), this.#symbol].filter(Boolean).join(" "));
    this.#showRejection();
  }

  #read() {
    return this.#form.read(this.#symbol, this.#seen);
  }

  async #send() {
    this.#form.clearErrors();
    const { order, missing } = this.#read();
    if (missing) this.#form.refuse(missing.field, missing.text);
    if (!order) return;
    this.#submit.disabled = true;
    try {
      this.#sentId = (await this.context.broker.placeOrder(order)).orderId;
      this.dirty();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#form.refuse(fieldOfError(error), error.message);
    } finally {
      this.#submit.disabled = false;
      this.#preview?.changed();
    }
  }

  /** A well-formed order may still be rejected by market or account: that comes as an order update. */
  #showRejection() {
    const order = this.context.state.orders.get(this.#sentId);
    if (!order) return;
    if (order.status === OrderStatus.Rejected) {
      const text = order.message?.text ?? order.reason ?? "The order was rejected.";
      this.#form.refuse(fieldOfReason(order.reason ?? "", text), text);
    }
    this.#sentId = "";
  }
}
