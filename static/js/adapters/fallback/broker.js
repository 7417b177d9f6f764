// @ts-check
/**
 * The offline broker: accounts whose orders fill against the offline market. It keeps the server's promises that a page can see:
 * statuses, the order of updates (executions, orders, equity, positions, bracket children), one netted position a symbol,
 * brackets of which one cancels the other. No commissions, no partial fills, no margin calls.
 *
 * @import * as TV from "../../types/tradingview.js"
 * @import {FallbackMarket, Listing} from "./market.js"
 * @import {Quote} from "./rules.js"
 */
import { OrderStatus, OrderType, ParentType, Side, StopType, hasStopPrice, isFinal } from "../../lib/codes.js";
import { Ledger, clean } from "./ledger.js";
import { checkBrackets, checkOrder, checkQty, denied, referenceOf, rejection } from "./rules.js";

const DEPOSIT = 100_000;
const LEVERAGE = 10;
/** Fields of an order that a command sets; all others are the broker's. */
const TERMS = /** @type {const} */ ([
  "qty", "limitPrice", "stopPrice", "takeProfit", "stopLoss", "guaranteedStop", "trailingStopPips", "duration", "postOnly",
]);

/** @typedef {(route: string, payload: object) => void} Publish */

export class FallbackAccount {
  /** @type {Map<string, TV.Order>} */
  orders = new Map();
  /** @type {TV.Execution[]} */
  executions = [];
  /** @type {Map<string, number>} */
  leverages = new Map();
  #market;
  #now;
  #publish;
  #ledger;
  #lastOrder = 0;
  #lastExecution = 0;

  /**
   * @param {TV.AccountMetainfo} info
   * @param {FallbackMarket} market
   * @param {() => number} now epoch milliseconds
   * @param {Publish} publish sends an update of this account
   * @param {number} [deposit]
   */
  constructor(info, market, now, publish, deposit = DEPOSIT) {
    this.info = info;
    this.#market = market;
    this.#now = now;
    this.#publish = publish;
    this.#ledger = new Ledger(deposit, this.leverage);
  }

  /** @param {string} symbol */
  #listing(symbol) {
    const listing = this.#market.listing(symbol);
    if (!listing) throw denied("UNKNOWN_SYMBOL", `unknown symbol ${symbol}`);
    return listing;
  }

  /** @param {Listing} listing */
  #quote(listing) {
    return this.#market.quote(listing, this.#now());
  }

  leverage = (/** @type {string} */ symbol) => this.leverages.get(symbol) ?? LEVERAGE;

  /** @returns {TV.Money} */
  money() {
    const open = [...this.#ledger.positions.values()];
    return this.#ledger.money(open.reduce((sum, position) => sum + this.#marked(position).pl, 0), this.#now());
  }

  /** @param {TV.Position} position */
  #marked(position) {
    const { bid, ask } = this.#quote(this.#listing(position.symbol));
    const mark = position.side === Side.Buy ? bid : ask;
    return { ...position, pl: Number(((mark - position.avgPrice) * position.qty * position.side).toFixed(2)), mark };
  }

  openPositions() {
    return [...this.#ledger.positions.values()].map((position) => this.#tidy(this.#marked(position)));
  }

  /**
   * Judge an order without placing it. Throws ApiError when it is invalid.
   * @param {TV.PreOrder} order
   */
  judge(order) {
    const listing = this.#listing(order.symbol);
    const quote = this.#quote(listing);
    checkOrder(order, listing, quote);
    const position = this.#ledger.positions.get(listing.name);
    const reducible = position && position.side !== order.side ? position.qty : 0;
    const added = order.isClose ? 0 : Math.max(0, order.qty - reducible);
    const margin = (added * referenceOf(order, quote)) / this.leverage(listing.name);
    const refused = rejection(order, quote, { margin, available: this.money().marginAvailable, reducible });
    return { listing, quote, margin, refused };
  }

  /**
   * @param {TV.PreOrder} pre
   * @returns {TV.Order}
   */
  place(pre) {
    const { listing, quote, refused } = this.judge(pre);
    const order = this.#create({ ...pre, symbol: listing.name }, refused ? OrderStatus.Rejected : OrderStatus.Working);
    if (refused) {
      order.message = { text: refused.text, type: "error" };
      order.reason = refused.code;
      this.#tell(order);
      return order;
    }
    const children = this.#createLegs(order, ParentType.Order, order.id, pre);
    const isFilled = this.#tryFill(order, quote, true);
    if (!isFilled) {
      this.#tell(order);
      for (const child of children) this.#tell(child);
      if (order.duration?.type === "IOC" || order.duration?.type === "FOK") this.#end(order, "EXPIRED", "the rest could not trade at once and was canceled");
    }
    return order;
  }

  /**
   * @param {TV.PreOrder} pre
   * @param {TV.OrderStatus} status
   * @param {Partial<TV.Order>} [more]
   */
  #create(pre, status, more = {}) {
    const now = this.#now();
    /** @type {TV.Order} */
    const order = {
      ...pre, id: `ORDER-${++this.#lastOrder}`, status, filledQty: 0, commission: 0, createTime: now, updateTime: now, ...more,
    };
    this.orders.set(order.id, order);
    return order;
  }

  /**
   * @param {{symbol: string, side: TV.Side, qty: number}} parent
   * @param {TV.ParentType} parentType
   * @param {string} parentId
   * @param {TV.Brackets} brackets
   */
  #createLegs({ symbol, side, qty }, parentType, parentId, { takeProfit, stopLoss, trailingStopPips }) {
    const opposite = /** @type {TV.Side} */ (-side);
    const status = parentType === ParentType.Order ? OrderStatus.Inactive : OrderStatus.Working;
    const common = { symbol, side: opposite, qty, isClose: true };
    const more = { parentId, parentType };
    /** @type {TV.Order[]} */
    const legs = [];
    if (takeProfit !== undefined) legs.push(this.#create({ ...common, type: OrderType.Limit, limitPrice: takeProfit }, status, more));
    if (stopLoss !== undefined) {
      legs.push(this.#create({ ...common, type: OrderType.Stop, stopPrice: stopLoss, stopType: StopType.StopLoss }, status, more));
    }
    if (trailingStopPips !== undefined) {
      const leg = { ...common, type: OrderType.Stop, trailingStopPips, stopType: StopType.TrailingStop };
      legs.push(this.#create({ ...leg, stopPrice: this.#trailed(leg) }, status, more));
    }
    return legs;
  }

  /** @param {TV.PreOrder} stop with its present price */
  #trailed({ symbol, side, trailingStopPips = 0, stopPrice }) {
    const listing = this.#listing(symbol);
    const { bid, ask } = this.#quote(listing);
    const at = Number(((side === Side.Sell ? bid : ask) + side * trailingStopPips * listing.pipSize).toFixed(listing.decimals));
    if (stopPrice === undefined) return at;
    return side === Side.Sell ? Math.max(stopPrice, at) : Math.min(stopPrice, at);
  }

  /** @param {TV.Order} order */
  #tell(order) {
    order.updateTime = this.#now();
    this.#publish("orders", { ...order });
  }

  /**
   * Trade an order if the market allows.
   * @param {TV.Order} order
   * @param {Quote} quote
   * @param {boolean} isNew a new one takes the opposite price, a resting one its own
   */
  #tryFill(order, { bid, ask, last }, isNew) {
    const isBuy = order.side === Side.Buy;
    const market = isBuy ? ask : bid;
    const { limitPrice = 0, stopPrice = 0 } = order;
    if (hasStopPrice(order.type) && !(isBuy ? last >= stopPrice : last <= stopPrice)) return false;
    if (order.type === OrderType.StopLimit) {
      order.type = OrderType.Limit;
      this.#tell(order);
    }
    if (order.type === OrderType.Limit && !(isBuy ? ask <= limitPrice : bid >= limitPrice)) return false;
    this.#fill(order, order.type === OrderType.Limit && !isNew ? limitPrice : market);
    return true;
  }

  /**
   * @param {TV.Order} order
   * @param {number} price
   */
  #fill(order, price) {
    const position = this.#ledger.positions.get(order.symbol);
    const qty = order.isClose && position ? Math.min(order.qty, position.qty) : order.qty;
    /** @type {TV.Execution} */
    const execution = {
      id: `EXEC-${++this.#lastExecution}`, orderId: order.id, symbol: order.symbol, price, qty, side: order.side, time: this.#now(),
      commission: 0, netAmount: clean(-order.side * qty * price),
    };
    this.executions.push(execution);
    Object.assign(order, { status: OrderStatus.Filled, qty, filledQty: qty, avgPrice: price });
    const after = this.#ledger.book(execution);
    this.#publish("executions", { ...execution });
    this.#tell(order);
    this.#publish("equity", this.money());
    this.#adoptLegs(order, after);
    this.#publish("positions", after.qty ? this.#tidy(this.#marked(after)) : { ...after, pl: 0 });
    this.#settleLegs(order, after);
  }

  #tidy = (/** @type {TV.Position} */ { mark: _, ...position }) => position;

  /** @param {string} parentId */
  #legs(parentId) {
    return [...this.orders.values()].filter((order) => order.parentId === parentId && !isFinal(order.status));
  }

  /**
   * The legs of an entry that traded belong to the position now.
   * @param {TV.Order} entry
   * @param {TV.Position} position
   */
  #adoptLegs(entry, position) {
    if (position.qty === 0) return;
    for (const leg of this.#legs(entry.id)) {
      for (const old of this.#legs(position.id)) if (old.type === leg.type) this.#end(old, "OCO", "replaced");
      Object.assign(leg, { parentId: position.id, parentType: ParentType.Position, status: OrderStatus.Working, qty: position.qty });
    }
    this.#show(position);
  }

  /** @param {TV.Position} position gets the prices of its legs */
  #show(position) {
    for (const name of /** @type {const} */ (["takeProfit", "stopLoss", "trailingStopPips"])) delete position[name];
    for (const leg of this.#legs(position.id)) {
      if (leg.type === OrderType.Limit) position.takeProfit = leg.limitPrice;
      else if (leg.trailingStopPips !== undefined) position.trailingStopPips = leg.trailingStopPips;
      else position.stopLoss = leg.stopPrice;
    }
  }

  /**
   * Legs die with their position or their sibling, and follow its quantity.
   * @param {TV.Order} traded
   * @param {TV.Position} position
   */
  #settleLegs(traded, position) {
    for (const leg of this.#legs(position.id)) {
      const isOpposite = leg.side !== position.side;
      if (position.qty === 0 || !isOpposite) this.#end(leg, "OCO", `${traded.id} closed the position`);
      else {
        leg.qty = position.qty;
        this.#tell(leg);
      }
    }
  }

  /**
   * @param {TV.Order} order
   * @param {string} reason
   * @param {string} [text]
   */
  #end(order, reason, text) {
    order.status = OrderStatus.Canceled;
    if (text) Object.assign(order, { reason, message: { text, type: "information" } });
    this.#tell(order);
    for (const leg of this.#legs(order.id)) this.#end(leg, "PARENT_CANCELED", `${order.id} was canceled`);
  }

  /** @param {string} id */
  #working(id) {
    const order = this.orders.get(id);
    if (!order) throw denied("UNKNOWN_ORDER", `order ${id} does not exist`, 404);
    if (isFinal(order.status)) throw denied("ORDER_FINAL", `order ${id} is final`, 409);
    return order;
  }

  /** @param {TV.Order} wanted */
  modify(wanted) {
    const order = this.#working(wanted.id);
    const listing = this.#listing(order.symbol);
    const quote = this.#quote(listing);
    checkOrder({ ...wanted, takeProfit: undefined, stopLoss: undefined, trailingStopPips: undefined }, listing, quote);
    if (order.parentId === undefined) checkBrackets(wanted, order.side, referenceOf(wanted, quote), listing);
    if (TERMS.every((name) => JSON.stringify(order[name]) === JSON.stringify(wanted[name]))) {
      return this.#tell(order);
    }
    for (const name of TERMS) {
      if (wanted[name] === undefined) delete order[name];
      else Object.assign(order, { [name]: wanted[name] });
    }
    if (order.parentId === undefined) this.#replaceLegs(order, ParentType.Order, order.id, wanted);
    this.#tell(order);
    const position = this.#ledger.positions.get(order.parentId ?? "");
    if (position) {
      this.#show(position);
      this.#publish("positions", this.#tidy(this.#marked(position)));
    }
    this.#tryFill(order, quote, true);
  }

  /**
   * @param {{symbol: string, side: TV.Side, qty: number}} parent
   * @param {TV.ParentType} parentType
   * @param {string} parentId
   * @param {TV.Brackets} brackets
   */
  #replaceLegs(parent, parentType, parentId, brackets) {
    for (const leg of this.#legs(parentId)) this.#end(leg, "PARENT_CANCELED", "the bracket was removed");
    for (const leg of this.#createLegs(parent, parentType, parentId, brackets)) this.#tell(leg);
  }

  /** @param {string} id */
  cancel(id) {
    const order = this.#working(id);
    this.#end(order, "");
    const position = this.#ledger.positions.get(order.parentId ?? "");
    if (!position) return;
    this.#show(position);
    this.#publish("positions", this.#tidy(this.#marked(position)));
  }

  /** @param {string} id */
  position(id) {
    const position = this.#ledger.positions.get(id);
    if (!position) throw denied("UNKNOWN_POSITION", `position ${id} does not exist`, 404);
    return position;
  }

  /**
   * @param {string} id
   * @param {number} [amount]
   */
  close(id, amount) {
    const { symbol, side, qty } = this.position(id);
    if (amount !== undefined) checkQty(amount, this.#listing(symbol));
    if (amount !== undefined && amount > qty) throw denied("QTY_RANGE", `amount ${amount} is more than the position's ${qty}`);
    this.place({ symbol, type: OrderType.Market, side: /** @type {TV.Side} */ (-side), qty: amount ?? qty, isClose: true });
  }

  /** @param {string} id */
  reverse(id) {
    const { symbol, side, qty } = this.position(id);
    this.place({ symbol, type: OrderType.Market, side: /** @type {TV.Side} */ (-side), qty: qty * 2 });
  }

  /**
   * @param {string} id
   * @param {TV.Brackets} brackets
   */
  bracket(id, brackets) {
    const position = this.position(id);
    const listing = this.#listing(position.symbol);
    const { bid, ask } = this.#quote(listing);
    checkBrackets(brackets, position.side, position.side === Side.Buy ? bid : ask, listing);
    this.#replaceLegs(position, ParentType.Position, id, brackets);
    this.#show(position);
    this.#publish("positions", this.#tidy(this.#marked(position)));
  }

  /** Move the market on: trailing stops, triggers, expiries, marks. */
  step() {
    for (const order of [...this.orders.values()]) {
      if (order.status !== OrderStatus.Working) continue;
      if (order.duration?.datetime !== undefined && order.duration.datetime <= this.#now()) {
        this.#end(order, "EXPIRED", "expired: good till date");
        continue;
      }
      const stopPrice = order.stopType === StopType.TrailingStop ? this.#trailed(order) : order.stopPrice;
      if (stopPrice !== order.stopPrice) {
        order.stopPrice = stopPrice;
        this.#tell(order);
      }
      this.#tryFill(order, this.#quote(this.#listing(order.symbol)), false);
    }
    if (this.#ledger.positions.size === 0) return;
    const positions = [...this.#ledger.positions.values()].map((position) => this.#marked(position));
    this.#publish("pl", { positions: positions.map(({ id, symbol, pl, mark }) => ({ id, symbol, pl, price: mark })), time: this.#now() });
    this.#publish("equity", this.money());
  }

  /** @param {number} [balance] */
  reset(balance) {
    for (const order of [...this.orders.values()]) if (!isFinal(order.status)) this.#end(order, "", "the account was reset");
    for (const position of [...this.#ledger.positions.values()]) this.#publish("positions", { ...position, qty: 0 });
    this.orders.clear();
    this.executions = [];
    this.#ledger.reset(balance);
    this.#publish("equity", this.money());
  }
}
