// @ts-check
/**
 * The order ticket: its fields, the live preview of what the order would cost, the leverage, and the button that sends it.
 * Refusals and warnings have a fixed place above the button, so that nothing moves when they come.
 */
import { ApiError } from "../adapters/rest-client.js";
import { ConnectionStatus, NotificationType, ORDER_TYPE_NAMES, OrderStatus, OrderType, sideName } from "../lib/codes.js";
import { byId, setText } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { FIELD_NAMES, inWords } from "../lib/words.js";
import { askOnce } from "./ask.js";
import { Leverage } from "./leverage.js";
import { showStatus, statusOf } from "./market.js";
import { Preview } from "./preview.js";
import { fieldOfError, fieldOfReason } from "./refusals.js";
import { TicketForm } from "./ticket-form.js";
import { proposedPrices } from "./ticket-prices.js";
import { withSize } from "./ticket-size.js";
import { View } from "./view.js";

/**
 * @import {BrokerConfigFlags, InstrumentInfo, PreOrder, Side as SideCode} from "../types/tradingview.js"
 * @import {OrderField} from "./refusals.js"
 * @import {KeptSize} from "./ticket-size.js"
 * @import {Context} from "./view.js"
 */

/** Settings of the ticket that are kept over a reload. */
const KEPT = { type: OrderType.Market, qty: "1" };

/**
 * The order that was sent last, how often the form had been edited then, and where the focus was.
 * @type {{id: string, edits: number, focused: Element | null}}
 */
const NOTHING_SENT = { id: "", edits: 0, focused: null };

/**
 * Whether nobody has moved the focus since; a button that was disabled meanwhile has given it to the page.
 * @param {Element | null} element
 */
function hasFocusOf(element) {
  return document.activeElement === element || document.activeElement === document.body;
}

export class TicketView extends View {
  #panel = byId("ticket");
  #status = byId("ticket-status");
  #form;
  #preview;
  #leverage;
  /** @type {HTMLButtonElement} */
  #submit = byId("ticket-submit");
  #symbol = "";
  /** Facts of the symbol; undefined until they were read. @type {InstrumentInfo | undefined} */
  #info;
  /** @type {HTMLInputElement} */
  #confirm = byId("ticket-confirm");
  #sent = NOTHING_SENT;
  /** The last order was refused: what its answer says stays until the form is edited, whatever a preview says. */
  #isRefused = false;
  #edits = 0;

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const { broker, memory } = context;
    const config = /** @type {BrokerConfigFlags} */ (broker.config());
    this.#form = new TicketForm(config);
    const kept = { ...KEPT, ...memory.recall("ticket", KEPT) };
    this.#form.type = kept.type;
    this.#form.size = { unit: "units", value: String(kept.qty) };
    this.#form.adapt();
    this.#preview = config.supportPlaceOrderPreview ? new Preview(
      (order) => broker.previewOrder(order),
      {
        read: () => this.#read().order,
        decimals: () => context.instruments.decimals(this.#symbol),
        onErrors: (errors) => {
          if (this.#isRefused) return;
          this.#form.clearErrors();
          for (const { field, text } of errors) this.#form.refuse(field, text, false);
        },
      },
    ) : null;
    this.#leverage = new Leverage(context, () => this.#preview?.changed());
    const form = byId("ticket-form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener("input", () => this.#edited());
    this.#confirm.checked = memory.recall("confirmOrders", false);
    this.#confirm.addEventListener("change", () => memory.remember("confirmOrders", this.#confirm.checked));
  }

  #edited() {
    this.#edits += 1;
    this.#learn();
    this.#clearErrors();
    this.#form.adapt();
    this.#proposePrices();
    this.#preview?.changed();
    const { memory } = this.context;
    memory.remember("ticket", { type: this.#form.type, qty: format.plain(this.#form.qty) || KEPT.qty });
    memory.remember("sizes", withSize(memory.recall("sizes", {}), this.#symbol, this.#form.size));
    this.dirty();
  }

  /** Pass on the facts that a size in money, equity or risk becomes a quantity by. */
  #learn() {
    this.#form.learn(this.#info, this.context.state.money.value()?.equity, this.#seen);
  }

  /** @param {string} symbol */
  async #readInfo(symbol) {
    this.#info = undefined;
    const info = await this.context.broker.symbolInfo(symbol).catch(() => undefined);
    if (symbol !== this.#symbol) return;
    this.#info = info;
    this.dirty();
  }

  /** @param {string} symbol whose size was kept */
  #restoreSize(symbol) {
    /** @type {Record<string, KeptSize>} */
    const sizes = this.context.memory.recall("sizes", {});
    if (sizes[symbol]) this.#form.size = sizes[symbol];
  }

  opened() {
    const { state, instruments } = this.context;
    const follow = () => this.#followSymbol(state.symbol.value());
    const showLeverage = () => this.#showLeverage();
    const reconnect = () => state.socket.value().status === ConnectionStatus.Connected && this.#showLeverage();
    state.symbol.subscribe(follow, { callWithLast: true });
    state.account.subscribe(showLeverage);
    state.socket.subscribe(reconnect);
    this.watch(state.realtime, state.orders, state.quotes, state.minute, instruments);
    this.#preview?.open();
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      state.account.unsubscribe(showLeverage);
      state.socket.unsubscribe(reconnect);
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
    this.#readInfo(symbol);
    this.#restoreSize(symbol);
    this.#form.clearPrices();
    this.#clearErrors();
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
    this.#form.side = side;
    this.#form.limitPrice = format.plain(price, this.context.instruments.decimals(this.#symbol));
    this.choose(side);
  }

  /** Quantity of the next order; NaN while there is none. */
  get qty() {
    return this.#form.qty;
  }

  /**
   * Send a limit order of the ticket's quantity at once.
   * @param {number} price
   * @param {SideCode} side
   */
  async placeLimit(price, side) {
    const { broker, host } = this.context;
    const refuse = (/** @type {string} */ text) => host.showNotification("Order refused", text, NotificationType.Error);
    if (!(this.qty > 0)) {
      refuse("Enter a quantity in the order ticket.");
      return;
    }
    try {
      await broker.placeOrder({ symbol: this.#symbol, type: OrderType.Limit, side, qty: this.qty, limitPrice: price });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refuse(inWords(error.message, this.#decimals));
    }
  }

  get #decimals() {
    return this.context.instruments.decimals(this.#symbol);
  }

  get #seen() {
    return this.context.state.realtime.get(this.#symbol) ?? {};
  }

  #proposePrices() {
    const facts = this.context.instruments.get(this.#symbol);
    if (!facts) return;
    const { type, side, typedStop } = this.#form;
    this.#form.propose(proposedPrices({ type, side }, this.#seen, facts.minTick, typedStop), format.decimalsOf(facts.minTick));
  }

  paint() {
    this.#proposePrices();
    this.#learn();
    const decimals = this.#decimals;
    const { bid, ask, spread } = this.#seen;
    const side = sideName(this.#form.side);
    setText(byId("ticket-symbol"), this.#symbol);
    setText(byId("ticket-bid"), format.price(bid, decimals));
    setText(byId("ticket-ask"), format.price(ask, decimals));
    setText(byId("ticket-spread"), format.price(spread, decimals));
    showStatus(this.#status, statusOf(this.context, this.#symbol));
    this.#panel.dataset.side = side.toLowerCase();
    const amount = this.#form.qty > 0 ? format.qty(this.#form.qty) : "";
    setText(this.#submit, [side, amount, this.#symbol].filter(Boolean).join(" "));
    this.#preview?.marketMoved(`${bid} ${ask}`);
    this.#settleSent();
  }

  #read() {
    return this.#form.read(this.#symbol, this.#seen);
  }

  /** @param {PreOrder} order */
  #isConfirmed(order) {
    const names = /** @type {const} */ (["stopPrice", "limitPrice", "takeProfit", "stopLoss", "guaranteedStop", "trailingStopPips"]);
    const prices = names.filter((name) => order[name] !== undefined)
      .map((name) => `${FIELD_NAMES[name]} ${format.price(order[name], name === "trailingStopPips" ? 0 : this.#decimals)}`);
    const text = [`${sideName(order.side)} ${format.qty(order.qty)} ${order.symbol}, ${ORDER_TYPE_NAMES[order.type].toLowerCase()}`, ...prices].join(". ");
    return askOnce({ title: "Send this order?", text: `${text}.`, confirm: this.#submit.textContent ?? "Send" });
  }

  #clearErrors() {
    this.#isRefused = false;
    this.#form.clearErrors();
  }

  /**
   * Show why the order was refused.
   * @param {OrderField} field
   * @param {string} text of the server
   * @param {Element | null} focused where the focus was when it was sent
   */
  #refuse(field, text, focused) {
    this.#isRefused = true;
    this.#form.clearErrors();
    this.#form.refuse(field, inWords(text, this.#decimals), hasFocusOf(focused));
  }

  async #send() {
    this.#clearErrors();
    const { order, missing } = this.#read();
    if (missing) this.#form.refuse(missing.field, missing.text);
    if (!order || (this.#confirm.checked && !await this.#isConfirmed(order))) return;
    const [edits, focused] = [this.#edits, document.activeElement];
    this.#submit.disabled = true;
    try {
      const { orderId } = await this.context.broker.placeOrder(order);
      this.#sent = { id: orderId, edits, focused };
      this.dirty();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#refuse(fieldOfError(error), error.message, focused);
    } finally {
      this.#submit.disabled = false;
      this.#preview?.changed();
    }
  }

  /**
   * Clear the prices of an order that was accepted, or show why it was rejected. The order update decides: a valid order
   * may still be rejected by the market or the account.
   */
  #settleSent() {
    const order = this.context.state.orders.get(this.#sent.id);
    if (!order) return;
    if (order.status === OrderStatus.Rejected) {
      const text = order.message?.text ?? order.reason ?? "The order was rejected.";
      this.#refuse(fieldOfReason(order.reason ?? "", text), text, this.#sent.focused);
    } else if (this.#sent.edits === this.#edits) {
      this.#form.clearPrices();
      this.#proposePrices();
    }
    this.#sent = NOTHING_SENT;
  }
}
